"""Owns the short way of a plain fact: from its stored JSON to the bytes that its contract event has, if they are so."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

import orjson

from contracts.events.event import UNKNOWN, Published
from contracts.registry import EVENTS, encode
from services.referrals.domain.catalogue import FACTS
from services.referrals.domain.directory import AgencyStated, CapacityStated, ServiceStated
from services.referrals.domain.episode import (
    BirthRecorded,
    PostpartumVisitRecorded,
    ResponsibilityAssigned,
    ResponsibilityLeft,
)
from services.referrals.domain.fact import Fact
from services.referrals.domain.frozen import frozen
from services.referrals.domain.screening import ScreeningRecorded

_UNKNOWN: Final = orjson.dumps(UNKNOWN)


@frozen
class _Way:
    """A published type, the stored fields that leave under their own name, and the name of the stream's id."""

    kind: type[Published]
    leaving: frozenset[str]
    stream: str | None


def plain_value(type_name: str, state: bytes, stream: UUID) -> bytes | None:
    """The value of the record of a stored fact, on the care topic; None where only `publish` can tell.

    What comes out was read as its contract event and written again by it, byte for byte. None is said of every fact
    that has to do with a restricted class (R6), of an older version, and of a state that does not fit; fields that stay
    in the store are not looked at.
    """
    way = _WAYS.get(type_name)
    if way is None:
        return None
    try:
        stored: dict[str, Any] = orjson.loads(state)
        if stored.get("restricted") is not None or stored.get("evidence_restricted"):
            return None
        leaving = way.leaving
        data = {name: value for name, value in stored.items() if name in leaving and value is not None}
        if way.stream is not None:
            data[way.stream] = stream
        value = orjson.dumps(data, option=orjson.OPT_SORT_KEYS)
        event = way.kind.__pydantic_validator__.validate_json(value)
    except (ValueError, AttributeError):  # no JSON, no object, or not the contract's
        return None
    # "unknown" is what a reader sees of a code younger than itself: never written, though it could be read back.
    return value if encode(event) == value and _UNKNOWN not in value else None


def _way(fact: type[Fact], kind: type[Published]) -> _Way:
    own = kind.model_fields.keys() - fact.model_fields.keys()
    if len(own) > 1:
        raise TypeError(f"{kind.TYPE} has more of its own than the id of its stream: {', '.join(sorted(own))}")
    return _Way(kind, frozenset(kind.model_fields.keys() & fact.model_fields.keys()), next(iter(own), None))


# A lead's class is that of its domain, births and screenings for depression or violence are always restricted, and an
# entry of the directory has its own key: `publish` knows.
_NEVER_PLAIN: Final = frozenset(
    {
        *(ResponsibilityAssigned, ResponsibilityLeft, BirthRecorded, PostpartumVisitRecorded, ScreeningRecorded),
        *(AgencyStated, ServiceStated, CapacityStated),
    }
)
_WAYS: Final[Mapping[str, _Way]] = MappingProxyType(
    {name: _way(fact, EVENTS[name]) for name, fact in FACTS.items() if name in EVENTS and fact not in _NEVER_PLAIN}
)
