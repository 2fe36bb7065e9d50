"""The rows of a table to which a unit of a client belongs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo
from typing import assert_never

from services.measures.domain.groups import Groups
from services.measures.domain.measure import By, Unit
from services.measures.domain.period import Quarter


def labels(unit: Unit, groups: Groups, by: By, zone: tzinfo) -> Iterable[str]:  # noqa: PLR0911 - one row a breakdown
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
        case By.AGE:
            return (groups.age(unit.at),)
        case By.COUNTY:
            return (groups.county,)
        case never:
            assert_never(never)


def _only(label: str | None) -> Iterable[str]:
    return () if label is None else (label,)
