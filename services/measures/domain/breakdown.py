"""The rows of a table to which a unit of a client belongs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo
from typing import Final, Literal, TypeAlias, assert_never, get_args

from services.measures.domain.groups import Groups
from services.measures.domain.measure import By, Unit
from services.measures.domain.period import Quarter

Whoever: TypeAlias = Literal[By.SPD15, By.CDPH8, By.DETAILED, By.LANGUAGE, By.ZIP_GROUP, By.PAYER, By.COUNTY]
WHOEVER: Final[tuple[Whoever, ...]] = get_args(Whoever)
"""Breakdowns by who she is, the same for all her units; how old she was, differs."""


def labels(unit: Unit, groups: Groups, by: By, zone: tzinfo) -> Iterable[str]:
    """The labels of its rows: one, several where a client is in several groups, none where it has no such thing."""
    match by:
        case By.NONE:
            return ("",)
        case By.QUARTER:
            return (str(Quarter.of(unit.at, zone)),)
        case By.CATEGORY:
            return _only(unit.category)
        case By.CHANNEL:
            return _only(unit.channel)
        case By.OWNER:
            return _only(unit.owner)
        case By.STAGE:
            return _only(unit.stage)
        case By.AGE:
            return (groups.age(unit.at),)
        case _:
            return group_labels(groups, by)


def group_labels(groups: Groups, by: Whoever) -> Iterable[str]:
    """The labels of the rows in which a client stands by who she is, whatever is counted of her."""
    match by:
        case By.SPD15:
            return groups.spd15
        case By.CDPH8:
            return (groups.cdph8,)
        case By.DETAILED:
            return groups.detailed
        case By.LANGUAGE:
            return (groups.language,)
        case By.ZIP_GROUP:
            return (groups.zip_group,)
        case By.PAYER:
            return (groups.payer,)
        case By.COUNTY:
            return (groups.county,)
        case never:
            assert_never(never)


def _only(label: str | None) -> Iterable[str]:
    return () if label is None else (label,)
