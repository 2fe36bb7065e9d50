"""Every published type by its name, and the way from an event to bytes and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias, cast, get_args

from pydantic import ValidationError

from contracts.events.appointment import AppointmentEvent
from contracts.events.birth import BirthEvent
from contracts.events.client import ClientEvent
from contracts.events.consent import ConsentEvent
from contracts.events.contact import ContactEvent
from contracts.events.directory import DirectoryEvent
from contracts.events.disclosure import DisclosureEvent
from contracts.events.episode import EpisodeEvent
from contracts.events.event import Published
from contracts.events.feedback import FeedbackEvent
from contracts.events.handoff import HandoffEvent
from contracts.events.need import NeedEvent, ScreeningEvent
from contracts.events.referral import ReferralEvent

Event: TypeAlias = (
    AppointmentEvent
    | BirthEvent
    | ClientEvent
    | ConsentEvent
    | ContactEvent
    | DirectoryEvent
    | DisclosureEvent
    | EpisodeEvent
    | FeedbackEvent
    | HandoffEvent
    | NeedEvent
    | ReferralEvent
    | ScreeningEvent
)

EVENTS: Mapping[str, type[Published]] = MappingProxyType({kind.TYPE: kind for kind in get_args(Event)})


@dataclass(frozen=True, slots=True)
class UnknownEvent:
    """An event of a type that is younger than this reader: skipped, not an error."""

    type: str


class BadEvent(ValueError):
    """The data of an event are not of its type; the message names type and places, never a value."""


def encode(event: Published) -> bytes:
    """The data of an event as on Kafka: canonical JSON. None is left out, so that later fields change no old byte."""
    return event.__pydantic_serializer__.to_json(event, exclude_none=True)


def decode(type_name: str, data: bytes) -> Event | UnknownEvent:
    """The event that the data hold. Fields and codes younger than this reader are passed over. Raises BadEvent."""
    kind = EVENTS.get(type_name)
    if kind is None:
        return UnknownEvent(type_name)
    try:
        return cast(Event, kind.model_validate_json(data, extra="ignore"))
    except ValidationError as error:
        places = sorted({".".join(str(step) for step in each["loc"]) for each in error.errors(include_input=False)})
        raise BadEvent(f"{type_name}: {', '.join(places)}") from None
