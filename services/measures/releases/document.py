"""The content of a release: the same bytes whenever it is built from the same facts, definitions and cutoff."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple
from uuid import UUID, uuid5

from contracts.canonical import canonical_json
from services.measures.domain.measure import By, Definition
from services.measures.domain.suppression import TOTAL, Shown
from services.measures.releases.lattice import Span
from services.measures.releases.views import Frame
from services.measures.store.journeys import Basis

_RELEASES = UUID("5b3f8a52-6d0e-5c3b-9f0e-3f7f9c1d8a44")

Cells = Mapping[By, Mapping[str, Shown]]
"""Rows by label for each breakdown; `By.NONE` has the total alone, under the empty label."""
Atoms = Mapping[str, Sequence[str]]
"""For each row the cells of one quarter, of one kind of clients or units, of which it is the sum."""


@dataclass(frozen=True)
class Measured:
    """One measure of a release: its definition as it was, and its cells as they may be shown."""

    definition: Definition
    cells: Cells
    atoms: Mapping[By, Atoms]

    def content(self) -> dict[str, object]:
        """What is hashed of it."""
        return {
            "measure": self.definition.id,
            "version": self.definition.version,
            "definition_sha256": hashlib.sha256(self.definition.text.encode()).hexdigest(),
            "tables": {
                str(by): [
                    [label, row.numerator, row.denominator, row.missing, row.pending, row.excluded, row.detail]
                    for label, row in rows.items()
                ]
                for by, rows in self.cells.items()
            },
        }

    @property
    def sha256(self) -> str:
        """Hash of its cells and definition, lower-case hex."""
        return hashlib.sha256(canonical_json(self.content())).hexdigest()


class Beside(NamedTuple):
    """A release that was published before, about a time that overlaps: by its id, and the hash of its document."""

    release: UUID
    sha256: str


@dataclass(frozen=True)
class Document:
    """A release before it has a name; what may be shown of it depends on those `beside` it.

    `begins_on` is the local date on which the data begin, where it is in it.
    """

    basis: Basis
    span: Span
    frame: Frame
    references: Mapping[str, Mapping[str, str]]
    measures: tuple[Measured, ...]
    begins_on: date | None = None
    beside: Sequence[Beside] = ()

    def bytes(self) -> bytes:
        """Canonical JSON of all of it."""
        beside = [{"release": str(each.release), "sha256": each.sha256} for each in self.beside]
        measures = [measured.content() for measured in self.measures]
        return canonical_json({**self._ordered(), "beside": beside, "measures": measures})

    @property
    def order_sha256(self) -> str:
        """Hash of what was counted, whatever may be shown of it, lower-case hex."""
        measures = [{**measured.content(), "tables": list(map(str, measured.cells))} for measured in self.measures]
        return hashlib.sha256(canonical_json({**self._ordered(), "measures": measures})).hexdigest()

    def _ordered(self) -> dict[str, object]:
        return {
            "initiative": self.basis.initiative,
            "cutoff": _instant(self.basis.cutoff),
            "last_position": self.basis.last_position,
            "facts": self.basis.facts,
            "facts_sha256": self.basis.facts_sha256,
            "restricted": self.basis.restricted,
            "period": self.span.name,
            "since": _instant(self.span.since),
            "until": _instant(self.span.until),
            "zone": self.span.zone,
            "begins_on": self.begins_on and self.begins_on.isoformat(),
            "measurement_consent": self.basis.rule,
            "rows": self.frame.stored(),
            "references": self.references,
        }

    @property
    def sha256(self) -> str:
        """Hash of the bytes, lower-case hex."""
        return hashlib.sha256(self.bytes()).hexdigest()

    @property
    def id(self) -> UUID:
        """The release's id: the same content is the same release."""
        return uuid5(_RELEASES, self.sha256)


def total_of(cells: Cells) -> Shown:
    """The row over the whole period."""
    return cells[By.NONE][TOTAL]


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
