"""The declared catalogue of views: which tables a release of an initiative has, and nothing else is built or served.

A view is a measure of some working group's scorecard, over the whole period, by one breakdown that its definition has.
No view crosses two breakdowns, and none is finer than a quarter.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from contracts.initiative import Initiative
from contracts.vocabulary import Category, Channel, DetailedGroup, Payer, RaceEthnicity, ReasonOwner
from services.measures.definitions import CATALOGUE, find, preterm_birth_v1
from services.measures.domain.groups import AGES, CDPH8, DECLINED, NOT_KNOWN
from services.measures.domain.measure import By, Definition
from services.measures.releases.lattice import Span

OTHER: Final = "other"
"""The row of a sensitive measure for what no vocabulary names: that somebody speaks it would tell of her."""

_ALIKE: Final[Mapping[By, Sequence[str]]] = {
    By.CATEGORY: sorted(Category),
    By.CHANNEL: sorted(Channel),
    By.OWNER: sorted(ReasonOwner),
    By.STAGE: [name for _, name in preterm_birth_v1.STAGES],
    By.SPD15: [*RaceEthnicity, DECLINED, NOT_KNOWN],
    By.CDPH8: CDPH8,
    By.DETAILED: list(DetailedGroup),
    By.PAYER: [*Payer, NOT_KNOWN],
    By.AGE: AGES,
}
"""Rows that are the same in every initiative."""


class NotInCatalogue(Exception):
    """A measure that stands on no scorecard of the initiative: no view of it is built."""


@dataclass(frozen=True, slots=True)
class View:
    """The tables of one measure in a release: one for each breakdown, the total being `By.NONE`."""

    definition: Definition
    by: tuple[By, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """The rows that a breakdown has whatever was counted, by breakdown."""

    labels: Mapping[By, Sequence[str]]

    def of(self, by: By) -> Sequence[str]:
        """Rows in their order; those that the facts bring are beside them."""
        return self.labels.get(by, ())

    def stored(self) -> dict[str, list[str]]:
        """As plain JSON values, for a release that must come out the same when the configuration has changed."""
        return {str(by): list(map(str, labels)) for by, labels in self.labels.items()}

    @classmethod
    def read(cls, stored: Mapping[str, Sequence[str]]) -> Frame:
        """The frame that was stored."""
        return cls({By(by): tuple(labels) for by, labels in stored.items()})


def listed(initiative: Initiative) -> tuple[Definition, ...]:
    """The measures that stand on the scorecard of some working group, in the order of the catalogue.

    Sensitive ones are not available where the initiative has not turned its restricted topic on (R6).
    """
    wanted = {measure for group in initiative.working_groups for measure in group.measures}
    there = (each for each in CATALOGUE.values() if initiative.restricted_topic or not each.sensitive)
    return tuple(each for each in there if each.id in wanted)


def chosen(initiative: Initiative, measures: Collection[str]) -> tuple[Definition, ...]:
    """Those that are asked for of the listed ones. Raises UnknownMeasure, NotInCatalogue."""
    wanted = {find(measure).id for measure in measures}
    if not wanted <= {each.id for each in listed(initiative)}:
        raise NotInCatalogue
    return tuple(each for each in listed(initiative) if each.id in wanted)


def catalogue(initiative: Initiative, span: Span, definitions: Sequence[Definition]) -> tuple[View, ...]:
    """The views of these measures over a period."""
    left_out = {By.QUARTER} if span.length == "quarter" else set[By]()
    if not initiative.zip_groups:
        left_out.add(By.ZIP_GROUP)
    if len(_counties(initiative)) < 2:  # noqa: PLR2004 - one county is the total
        left_out.add(By.COUNTY)
    return tuple(View(each, tuple(by for by in By if by in each.by and by not in left_out)) for each in definitions)


def frame(initiative: Initiative, span: Span) -> Frame:
    """The rows that tables over a period have in this initiative."""
    own: dict[By, Sequence[str]] = {
        By.QUARTER: span.quarters,
        By.LANGUAGE: [*initiative.languages, NOT_KNOWN],
        By.ZIP_GROUP: [*(group.slug for group in initiative.zip_groups), NOT_KNOWN],
        By.COUNTY: [*_counties(initiative), NOT_KNOWN],
    }
    return Frame({by: tuple(labels) for by, labels in {**_ALIKE, **own}.items()})


def references(initiative: Initiative, views: Sequence[View]) -> dict[str, dict[str, str]]:
    """With which group each breakdown of each measure compares the others, where somebody chose one for its version."""
    found = {
        view.definition.id: {
            str(by): group
            for by in view.by
            if (group := initiative.reference_group(by, view.definition.id, view.definition.version))
        }
        for view in views
    }
    return {measure: groups for measure, groups in found.items() if groups}


def _counties(initiative: Initiative) -> list[str]:
    return sorted({group.county for group in initiative.zip_groups if group.county is not None})
