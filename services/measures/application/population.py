"""Imports figures of a population, so that a second time adds nothing and nothing is changed without being told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import psycopg

from contracts.initiative import Initiative
from services.measures.application.population_file import Read, Refused, read
from services.measures.domain.population import PopulationFigure
from services.measures.settings import MeasuresSettings
from services.measures.store import population
from services.runtime.postgres import conninfo

STANDS = "this source was imported with another figure: with --correct this one is its next version"
TWICE = "the file has it twice, and otherwise"


@dataclass(frozen=True, slots=True)
class Differs:
    """A printed figure that does not follow from its own counts: kept as printed, shown as recomputed too."""

    line: int
    printed: str
    recomputed: str
    difference: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import came to."""

    added: int
    corrected: int
    there_already: int
    differs: tuple[Differs, ...]
    refused: tuple[Refused, ...]

    def facts(self) -> dict[str, object]:
        """As plain values."""
        return asdict(self)

    def sentences(self) -> list[str]:
        """What a person is told, a line each."""
        said = [f"{self.added} figures added, {self.corrected} corrected, {self.there_already} were there already"]
        said += [
            f"line {one.line}: printed {one.printed}, but its own counts give {one.recomputed} ({one.difference}):"
            " both are shown"
            for one in self.differs
        ]
        return said + [f"line {one.line} refused: {one.reason}" for one in self.refused]


def import_figures(
    settings: MeasuresSettings, initiative: Initiative, path: Path, this_year: int, *, correct: bool = False
) -> Imported:
    """Adds the figures of a file to an initiative; one that says otherwise than before needs `correct`.

    Raises BadFile; then nothing was added.
    """
    rows = list(read(path, this_year, initiative))
    with psycopg.connect(conninfo(settings.measures_dsn, "closeknit import population")) as connection:
        population.hold(connection)
        sorting = _Sorting(
            {population.key(each): each for each in population.figures(connection, initiative.slug)}, correct
        )
        for row in rows:
            sorting.take(row)
        population.add(connection, initiative.slug, [*sorting.added, *sorting.corrected])
    return Imported(
        len(sorting.added),
        len(sorting.corrected),
        len(sorting.fit) - len(sorting.added) - len(sorting.corrected),
        tuple(_differing(sorting.fit)),
        tuple(sorting.refused),
    )


@dataclass
class _Sorting:
    """Tells what is new from what stands; `known` are the figures that stand, by what names them."""

    known: dict[PopulationFigure, PopulationFigure]
    correct: bool
    added: list[PopulationFigure] = field(default_factory=list)
    corrected: list[PopulationFigure] = field(default_factory=list)
    fit: list[Read] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    _here: set[PopulationFigure] = field(default_factory=set)

    def take(self, row: Read | Refused) -> None:
        """Puts one row where it belongs."""
        if isinstance(row, Refused):
            self.refused.append(row)
            return
        key = population.key(row.figure)
        before = self.known.get(key)
        same = before is not None and replace(row.figure, version=before.version) == before
        if before is not None and not same and (key in self._here or not self.correct):
            self.refused.append(Refused(row.line, TWICE if key in self._here else STANDS))
            return
        self.fit.append(row)
        self._here.add(key)
        if before is None:
            self.known[key] = row.figure
            self.added.append(row.figure)
        elif not same:
            self.known[key] = replace(row.figure, version=before.version + 1)
            self.corrected.append(self.known[key])


def _differing(rows: Sequence[Read]) -> list[Differs]:
    return [
        Differs(row.line, row.figure.printed, str(row.figure.recomputed), f"{row.figure.difference:+}")
        for row in rows
        if row.figure.printed is not None and row.figure.difference is not None
    ]
