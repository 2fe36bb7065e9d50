"""What was published before about a time that overlaps with that of a release: what it hides depends on it (R24)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from psycopg import Connection

from services.measures.definitions import find
from services.measures.domain.measure import By
from services.measures.domain.period import Period
from services.measures.domain.pieces import has_pieces
from services.measures.domain.suppression import TOTAL, Shown
from services.measures.domain.timeline import Earlier, said
from services.measures.domain.within import Before
from services.measures.releases.document import Beside
from services.measures.releases.lattice import Span
from services.measures.releases.ledger import Release

_CELLS: Final = (
    "SELECT measure, by_, label, numerator, denominator, missing, pending, excluded, detail FROM release_cells"
    " WHERE release = %s"
)


@dataclass(frozen=True)
class Published:
    """Releases that were published, and what they show of each measure."""

    releases: Sequence[Release] = ()
    shown: Before = ()

    @property
    def named(self) -> tuple[Beside, ...]:
        """By what a document names them."""
        return tuple(Beside(each.id, each.document_sha256) for each in self.releases)

    def quarters(self, span: Span) -> Mapping[str, Period]:
        """All quarters of these releases and of a span, where there is a release."""
        spans = (span, *(each.span for each in self.releases)) if self.releases else ()
        return {name: period for each in spans for name, period in each.each_quarter.items()}


def published(connection: Connection[Any], releases: Sequence[Release]) -> Published:
    """These releases as they are read. Raises UnknownMeasure when a measure is not defined any more."""
    return Published(releases, [_shown(connection, release) for release in releases])


def _shown(connection: Connection[Any], release: Release) -> Mapping[str, Earlier]:
    time = frozenset(release.span.quarters)
    return {measure: Earlier(time, tables) for measure, tables in _cells(connection, release).items()}


def _cells(connection: Connection[Any], release: Release) -> Mapping[str, Mapping[str, Mapping[str, Shown]]]:
    found: dict[str, dict[str, dict[str, Shown]]] = {
        each.id: {TOTAL if by is By.NONE else str(by): {} for by in each.by} for each in release.measures
    }
    definitions = {each.id: find(each.id, each.version) for each in release.measures}
    for measure, by, label, met, of, missing, pending, excluded, detail in connection.execute(_CELLS, [release.id]):
        tells = not has_pieces(definitions[measure]) or bool(said(detail))
        found[measure][TOTAL if by == By.NONE else by][label] = Shown(
            met, of, missing, pending, excluded, tells, detail
        )
    return {definitions[measure].name: tables for measure, tables in found.items()}
