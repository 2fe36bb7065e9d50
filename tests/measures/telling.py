"""Rows of a golden story that say more than who, what and when: pregnancies, needs, screenings, answers.

A row is `[client, verb, name, [days, seconds], more...]`; days are counted from the start, and so are dates in `more`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.events.client import ClientDemographicsStatedV1
from contracts.events.contact import ContactRecordedV1
from contracts.events.handoff import HandoffOfferedV1, HandoffProposedV1
from contracts.events.referral import ReferralCompletedV1, ReferralSentV1, ReferralServiceStartedV1
from contracts.vocabulary import (
    Category,
    Channel,
    ContactMode,
    ContactOutcome,
    Degree,
    HandoffKind,
    Instrument,
    Mode,
    Outcome,
    Priority,
    RaceEthnicity,
    ScreeningResult,
    Source,
    StatedBy,
)
from tests.measures import pregnancies as of
from tests.measures.published import CLINIC, DOULAS, START, Log

RESTRICTED = frozenset(
    {
        *(Category.BEHAVIORAL_HEALTH, Category.SUBSTANCE_USE_TREATMENT),
        *(Category.INTIMATE_PARTNER_VIOLENCE, Category.CONTRACEPTION),
    }
)


def day(days: int) -> date:
    """The date so many days after the start."""
    return START.date() + timedelta(days=days)


def contact(
    log: Log,
    client: str,
    at: datetime,
    *categories: Category,
    agency: str = CLINIC,
    mode: ContactMode = ContactMode.PHONE,
    met: bool = True,
    episode: UUID | None = None,
    late: timedelta = timedelta(),
) -> None:
    """A completed contact about something, recorded so much later."""
    event = ContactRecordedV1(
        contact=log.id(), episode=episode, met=met, mode=mode, outcome=ContactOutcome.COMPLETED, tags=categories
    )
    log.add(event, client, at, agency, at + late, restricted=bool(RESTRICTED & set(categories)))


def referred(
    log: Log,
    client: str,
    at: datetime,
    category: Category,
    *,
    mode: Mode = Mode.DIRECT,
    to: str = DOULAS,
    parent: UUID | None = None,
) -> UUID:
    """A referral for something."""
    referral = log.id()
    event = ReferralSentV1(
        category=category,
        from_agency=CLINIC,
        mode=mode,
        parent=parent,
        priority=Priority.ROUTINE,
        referral=referral,
        service="invented-service",
        to_agency=to,
        to_channel=Channel.SYSTEM,
    )
    log.add(event, client, at, restricted=category in RESTRICTED)
    return referral


def connected(
    log: Log, client: str, referral: UUID, at: datetime, *, restricted: bool = False, ends: bool = False
) -> None:
    """The receiver served her for it; it ended with that, or goes on."""
    if ends:
        done = ReferralCompletedV1(outcome=Outcome.SERVICE_RECEIVED, referral=referral, source=Source.RECIPIENT)
        log.add(done, client, at, DOULAS, restricted=restricted)
    else:
        log.add(ReferralServiceStartedV1(referral=referral), client, at, DOULAS, restricted=restricted)


def offered(log: Log, client: str, at: datetime, episode: UUID, *, by: str = CLINIC, to: str = DOULAS) -> UUID:
    """A handoff between two agencies that was offered."""
    handoff = log.id()
    proposed = HandoffProposedV1(
        domain=of.COORDINATION, episode=episode, from_agency=by, handoff=handoff, kind=HandoffKind.COLD, to_agency=to
    )
    log.add(proposed, client, at, by)
    log.add(HandoffOfferedV1(handoff=handoff), client, at, by)
    return handoff


def said_of_herself(log: Log, client: str, at: datetime, source: StatedBy, *races: RaceEthnicity) -> None:
    """Who she is, by somebody; no race at all is that she would not say."""
    event = ClientDemographicsStatedV1(source=source, race_ethnicity=races, declined=not races, county="fresno")
    log.add(event, client, at)


def told(log: Log, things: dict[str, UUID], row: list[Any]) -> bool:  # noqa: C901, PLR0912 - one line a verb
    """Writes a row into the log; False where it has no such verb."""
    client, what, name, (days, seconds), *more = row
    at = START + timedelta(days=days, seconds=seconds)
    match what:
        case "opened":
            things[name] = of.opened(log, client, at)
        case "dated":
            of.dated(log, client, things[name], at, day(more[0]))
        case "undated":
            wrong = next(fact for fact in reversed(log.facts) if fact.headers.type == "episode.dated.v1")
            of.no_pregnancy(log, client, wrong, things[name], at)
        case "no_pregnancy":
            first = next(fact for fact in log.facts if getattr(fact.event, "episode", None) == things[name])
            of.no_pregnancy(log, client, first, things[name], at)
        case "closed":
            of.closed(log, client, things[name], at)
        case "in_care":
            of.in_care(log, client, things[name], at, day(more[0]))
        case "born":
            of.born(log, client, things[name], at, day(more[0]), gestational_days=more[1] if more[1:] else None)
        case "visited":
            of.visited(log, client, things[name], at, day(more[0]))
        case "asked_about":
            of.asked_about(log, client, at, ScreeningResult(more[0]), category=Category(name))
        case "screened":
            of.screened(log, client, at, ScreeningResult(more[0]), instrument=Instrument(name))
        case "helped":
            contact(log, client, at, *map(Category, more), agency=name)
        case "goods":
            given = ContactMode.GOODS_DELIVERY
            contact(log, client, at, *map(Category, more), agency=name, mode=given, met=False)
        case "met_by":
            contact(log, client, at, agency=name, mode=ContactMode(more[0]))
        case "met_for":
            contact(log, client, at, episode=things[name])
        case "late":
            contact(log, client, at, agency=name, late=timedelta(days=more[0], seconds=more[1]))
        case "referred" | "informed":
            mode = Mode.DIRECT if what == "referred" else Mode.INFORMATIONAL
            parent = things[more[2]] if more[2:] else None
            to = more[1] if more[1:] else DOULAS
            things[name] = referred(log, client, at, Category(more[0]), mode=mode, to=to, parent=parent)
        case "connected" | "done":
            restricted = any(
                fact.restricted for fact in log.facts if getattr(fact.event, "referral", 0) == things[name]
            )
            connected(log, client, things[name], at, restricted=restricted, ends=what == "done")
        case "handed":
            offered(log, client, at, things[name], by=more[0], to=more[1])
        case "said":
            said_of_herself(log, client, at, StatedBy(name), *map(RaceEthnicity, more))
        case "asked_how":
            things[f"voice of {name}"] = of.asked_how(log, client, things[name], at)
        case "answered_how":
            met = None if more[0] is None else Degree(more[0])
            voice = things[f"voice of {name}"]
            of.answered_how(log, client, voice, things[name], at, met=met, declined=more[0] is None)
        case _:
            return False
    return True


LIFE: list[list[Any]] = [
    ["opened", "p", [0, 0]],
    ["dated", "p", [0, 0], 209],
    ["in_care", "p", [5, 0], 3],
    ["said", "self_reported", [0, 0], "white"],
    ["asked_about", "food-insecurity", [1, 0], "positive"],
    ["screened", "epds", [1, 0], "positive"],
    ["screened", "ipv", [1, 0], "positive"],
    ["referred", "to behavioral health", [2, 0], "behavioral_health"],
    ["referred", "to doulas", [2, 0], "doula"],
    ["accepted", "to doulas", [3, 0]],
    ["helped", CLINIC, [3, 0], "food-insecurity"],
    ["helped", DOULAS, [4, 0], "food-insecurity"],
    ["done", "to doulas", [5, 0]],
    ["asked_how", "to doulas", [6, 0]],
    ["answered_how", "to doulas", [7, 0], "yes"],
    ["handed", "p", [8, 0], CLINIC, "example-pantry"],
    ["informed", "of safety", [2, 0], "intimate-partner-violence"],
    ["connected", "to behavioral health", [10, 0]],
    ["born", "p", [170, 0], 170],
    ["visited", "p", [191, 0], 190],
    ["screened", "epds", [190, 0], "negative"],
]


def full_life(log: Log, client: str, days: int = 0) -> None:
    """A client with something for every measure, nothing of it left out by definition, begun after so many days."""
    things: dict[str, UUID] = {}
    for verb, name, (after, seconds), *more in LIFE:
        at = days + after
        dates = [days + each if isinstance(each, int) else each for each in more]
        if verb == "accepted":
            log.accepted(client, things[name], START + timedelta(days=at))
        else:
            assert told(log, things, [client, verb, name, [at, seconds], *dates])
