"""Gaps between groups of a population in each window, and how much of each has closed since the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contracts.initiative import Initiative
from services.measures.domain.counted import Share, Value
from services.measures.domain.equity import gap_closure
from services.measures.domain.population import EVERYBODY, Counting, Window


@dataclass(frozen=True, slots=True)
class WindowGaps:
    """The groups of one breakdown in one window, counted in one way, with the group that they are compared with.

    `closed` says of each other group how much of its difference to the reference in the first window is gone.
    """

    counting: Counting
    by: str
    since: int
    until: int
    groups: Mapping[str, Share]
    everyone: Share | None
    reference: str
    closed: Mapping[str, Value]
    practice: bool


def window_gaps(initiative: Initiative, found: Sequence[Window]) -> list[WindowGaps]:
    """Of every breakdown for which the initiative chose a reference group, where there are figures of that group."""
    tables: dict[tuple[Counting, str], dict[tuple[int, int], list[Window]]] = {}
    everyone = {(each.counting, each.since): _share(each) for each in found if each.group == EVERYBODY}
    for each in found:
        if each.group != EVERYBODY:
            tables.setdefault((each.counting, each.by), {}).setdefault((each.since, each.until), []).append(each)
    made = list[WindowGaps]()
    for (counting, by), spans in tables.items():
        reference = initiative.reference_groups.get(by)
        first: dict[str, float] = {}
        for (since, until), table in sorted(spans.items()):
            groups = {each.group: _share(each) for each in table}
            if reference is None or reference not in groups:
                continue
            now = _differences(groups, reference)
            first = {**now, **first}
            closed = {group: gap_closure(first[group], each) for group, each in now.items()}
            practice = any(each.practice for each in table)
            total = everyone.get((counting, since))
            made.append(WindowGaps(counting, by, since, until, groups, total, reference, closed, practice))
    return made


def _differences(groups: Mapping[str, Share], reference: str) -> dict[str, float]:
    base = groups[reference]
    return {group: each.met / each.of - base.met / base.of for group, each in groups.items() if group != reference}


def _share(window: Window) -> Share:
    return Share(window.numerator, window.denominator)
