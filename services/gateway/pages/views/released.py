"""Owns what a scorecard reads of a release: its tables, and each measure ready to be shown."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from contracts.initiative import Aim, WorkingGroup
from services.gateway.pages.api import ApiProblem, Json
from services.gateway.pages.figures import beside, gaps, kinds, over_time, said
from services.gateway.pages.figures.bars import Bars, bars_of
from services.gateway.pages.figures.beside import Other
from services.gateway.pages.figures.plot import Dots, Panel, dots_of
from services.gateway.pages.figures.release import NOTHING, chosen_by, is_visible, period_of, points_of, views_of
from services.gateway.pages.figures.rows import Naming, Row, row_of, rows_of
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import Words

PERIODS_SHOWN = 6
RECORDED = "recorded_in_time"
TOTAL = ""
"""The label of all together."""
NO_CHANGES: Json = {"rows": [], "late": {"direction": None}}


@dataclass(frozen=True)
class Shown:
    """One measure of the scorecard as it stands on the page."""

    table: Json
    last: Json | None
    title: str
    headline: str
    plain: str
    sentences: list[str]
    rows: list[Row]
    total: Row
    aim: Aim | None
    other: Other | None
    groups: Other | None
    dots: Dots | None
    bars: Bars | None
    panels: list[Panel]
    described: str
    since: str
    change: str
    unit: str

    @property
    def measure(self) -> Json:
        return dict(self.table["measure"])

    @property
    def id(self) -> str:
        return str(self.measure["measure"])

    @property
    def visible(self) -> bool:
        """Whether its total can be shown."""
        return is_visible(self.table)

    @property
    def hides(self) -> bool:
        """Whether something of it is too few to show."""
        lines = [line for table in (self.other, self.groups) if table for line in table.lines]
        return any(row.hidden for row in self.rows) or any(line.cells is None and not line.nobody for line in lines)

    @property
    def has_picture(self) -> bool:
        """Whether there is something to draw."""
        return bool(self.dots or self.bars or self.panels)

    @property
    def is_share(self) -> bool:
        """Whether its rows are so many of so many."""
        return self.measure["kind"] in {"proportion", "clients"}


@dataclass(frozen=True)
class Reading:
    """What one person reads: a release beside another one, by one grouping."""

    visit: Visit
    release: Json
    compared: Json | None
    earlier: Sequence[Json]
    by: str
    group: WorkingGroup | None = None

    @property
    def naming(self) -> Naming:
        return Naming(self.visit.words, self.visit.initiative)

    async def tables(self, measures: Iterable[str]) -> list[Json]:
        """The table of each measure that the release has, the widest gap first."""
        known = {each["measure"] for each in self.release["measures"]}
        wanted = [(each, chosen_by(self.release, each, self.by)) for each in measures if each in known]
        found = await asyncio.gather(*(self._table(self.release, each, by) for each, by in wanted))
        return sorted((table for table in found if table is not None), key=lambda table: -points_of(table))

    async def all(self, tables: Iterable[Json]) -> list[Shown]:
        """These tables as they stand on a page, in their order."""
        return list(await asyncio.gather(*(self._shown(table) for table in tables)))

    async def recorded_in_time(self) -> str | None:
        """Of every 100 contacts, how many were written down within 7 days; None where this release does not say."""
        if all(each["measure"] != RECORDED for each in self.release["measures"]):
            return None
        table = await self._table(self.release, RECORDED, NOTHING)
        shown = table is not None and table["total"]["percent"] is not None
        return row_of("", table["total"], None).said(self.visit.words) if table and shown else None

    async def shown_in(self, longer: Json | None, shown: Iterable[Shown]) -> set[str]:
        """Measures of which a row that is too few here can be shown in a longer release."""
        hiding = [each for each in shown if each.hides] if longer else []
        tables = await asyncio.gather(*(self._table(longer, each.id, str(each.table["by"])) for each in hiding))
        return {each.id for each, table in zip(hiding, tables, strict=True) if table and _shows_more(table, each)}

    async def one(self, measure: str) -> Shown:
        """One measure that the release has, by what was asked for and nothing else. Raises ApiProblem 404."""
        table = await self._table(self.release, measure, self.by)
        if table is None:
            raise ApiProblem.not_there()
        return await self._shown(table)

    async def _shown(self, table: Json) -> Shown:
        measure, by = str(table["measure"]["measure"]), str(table["by"])
        releases = [self.compared, *self.earlier[: PERIODS_SHOWN - 1]]
        found, *earlier = await asyncio.gather(*(self._table(each, measure, by) for each in releases))
        last = found if found is not None and _same(found, table) else None
        found_changes = await self._changes(measure, by) if last is not None else NO_CHANGES
        changed = {row["label"]: row for row in found_changes["rows"]}
        words, naming = self.visit.words, self.naming
        rows = rows_of(table, last, naming)
        total = row_of(words.say("All together"), table["total"], last["total"] if last else None)
        aim = next((aim for aim in (self.group.aims if self.group else ()) if aim.measure == measure), None)
        periods = [each for each in [*earlier[::-1], table] if each is not None and _same(each, table)]
        quarters = await self._table(self.release, measure, "quarter") if len(periods) == 1 else None
        drawn = periods if len(periods) > 1 else [quarters or periods[0]]
        dots, bars = self._dots(table, rows, aim), self._bars(table, last)
        return Shown(
            table=table,
            last=last,
            title=said.title(table["measure"], words),
            headline=said.headline(table, rows, naming),
            plain=said.sentence(table["measure"], table["total"], words),
            sentences=[
                *self._sentences(table, last, (rows, total), changed),
                *said.version_said(table, found, words),
                *said.late_said(found_changes["late"]["direction"], words),
            ],
            change=gaps.change_said(table, total, changed.get(TOTAL), words),
            other=beside.table_of(table, rows, last, naming),
            groups=beside.groups_of(table, rows, naming),
            rows=rows,
            total=total,
            aim=aim,
            dots=dots,
            bars=bars,
            panels=over_time.panels(drawn, (rows, total), aim, words),
            described=_described(table, rows if dots else [], bars, aim, words),
            since=quarters["rows"][0]["label"] if quarters and quarters["rows"] else period_of(periods[0]),
            unit=kinds.unit_of(table, words),
        )

    def _sentences(
        self, table: Json, last: Json | None, lines: tuple[list[Row], Row], changed: Mapping[str, Json]
    ) -> list[str]:
        """What is said of the groups of a measure and of all together, beside its headline."""
        rows, total = lines
        words, naming = self.visit.words, self.naming
        reference = self.release["references"].get(table["measure"]["measure"], {}).get(table["by"])
        return [
            *kinds.sentences(table["total"], words, of_groups=any(row.focal for row in rows)),
            *said.before_said(table, total, changed.get(TOTAL), words),
            *kinds.between_said(table, rows, naming),
            *gaps.gap_said(table, last, naming, changed),
            *gaps.why_none(table, reference, words),
        ]

    async def late(self) -> Json | None:
        """How much was written down between this release's cutoff and the other's; None without anything to compare."""
        both = [each["measure"] for of in (self.release, self.compared) if of for each in of["measures"]]
        shared = next((measure for measure in both if both.count(measure) > 1), None)
        return dict((await self._changes(shared, NOTHING))["late"]) if shared else None

    async def _changes(self, measure: str, by: str) -> Json:
        """What changed since the release compared with; no rows of what has no one rate."""
        since = self.compared["release"] if self.compared else ""
        path = f"/releases/{self.release['release']}/changes"
        return await self.visit.api.get(path, measure=measure, by=by, since=since)

    def _dots(self, table: Json, rows: list[Row], aim: Aim | None) -> Dots | None:
        if table["measure"]["counts_clients"] or table["by"] == "quarter":
            return None
        words = self.visit.words
        unit = kinds.unit_of(table, words)
        return dots_of(rows, unit, aim.percent if aim else None, gaps.bracket(table, words), over_time.scaled(table))

    def _bars(self, table: Json, last: Json | None) -> Bars | None:
        """The pieces of a mix or a spread; None for everything else."""
        words = self.visit.words
        unit = kinds.unit_of(table, words)
        return bars_of(beside.pieces_of(table, last, words), unit)

    async def _table(self, release: Json | None, measure: str, by: str) -> Json | None:
        """A table of a release; None where it has no such view."""
        if release is None or (by != NOTHING and by not in views_of(release, measure)):
            return None
        if all(each["measure"] != measure for each in release["measures"]):
            return None
        return await self.visit.api.get(f"/releases/{release['release']}/figures", measure=measure, by=by)


def _shows_more(table: Json, than: Shown) -> bool:
    hidden = {row.code for row in (than.total, *than.rows) if row.hidden}
    return any(row["label"] in hidden and row["numerator"] for row in (table["total"], *table["rows"]))


def _same(table: Json, other: Json) -> bool:
    return bool(table["measure"]["version"] == other["measure"]["version"])


def _described(table: Json, rows: list[Row], bars: Bars | None, aim: Aim | None, words: Words) -> str:
    """The picture of a measure in words; none where there is no picture."""
    title, rate = said.title(table["measure"], words), table["measure"]["kind"] == "rate"
    if bars is not None:
        return said.pieces_described(title, [each.piece for each in bars.bars], words)
    return said.described(title, rows, aim.percent if aim else None, words, rate=rate) if rows else ""
