"""What others wrote down of a client that an agency may see now, under the consents in force, and what is hidden."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.client import known_client
from services.referrals.application.desk import Desk
from services.referrals.application.disclosure import Showing
from services.referrals.application.span import Span
from services.referrals.domain import consent
from services.referrals.domain.break_glass import MEDICAL, Emergency, Glass
from services.referrals.domain.consent import ConsentChanged, ConsentRecorded, Statement, receivers_of
from services.referrals.domain.consent.visible import (
    WHOLE,
    InForce,
    Sight,
    Visible,
    behind_glass,
    in_force,
    opens,
    visible,
)
from services.referrals.domain.episode import ResponsibilityAssigned
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import NotASide
from services.referrals.domain.shareable import is_flagged, may_flag, referral_of, shareable
from services.referrals.domain.vocabulary import Category, ResponsibilityDomain, RestrictedClass
from services.referrals.store.written import Written, happened


@frozen
class Shown:
    """An entry of another agency's and how much of it is shown; the need that it is about and its class.

    `circle` are the agencies that she named with the one that wrote down her consent: no other is named in it.
    `behind`: no consent shows it, but an emergency.
    """

    event: Written
    visible: Visible
    of: Category | None
    restricted: RestrictedClass | None
    circle: frozenset[str]
    behind: bool = False


@frozen
class Shared:
    """What others wrote down: entries, and the months in which there is a restricted health service.

    `agreed` is what she said that opens it. `unnamed`: she may be in danger, so that nobody is named (D6).
    `showings` are for the accounting, `behind` for that of what an emergency alone opens, and `owners` those who wrote
    that down, each with the client whom it is of.
    """

    entries: tuple[Shown, ...] = ()
    months: tuple[str, ...] = ()
    agreed: tuple[Statement, ...] = ()
    unnamed: bool = False
    showings: tuple[Showing, ...] = ()
    behind: tuple[Showing, ...] = ()
    owners: Mapping[str, UUID] = field(default_factory=dict)


async def others(
    desk: Desk,
    acting: Acting,
    hers: Sequence[UUID],
    consents: Sequence[Written],
    *,
    span: Span,
    own: frozenset[UUID],
    glass: Glass | None = None,
) -> Shared:
    """What this agency may see besides `own` (event ids of what it sees as a side). `consents`: every event of them.
    `glass` is what this person broke, while it is open.

    Nothing for a receiver that has not taken her on: what it may see is what she agreed to hand over.
    """
    if glass is None and not any(_may_open(event, acting.agency) for event in consents):
        return Shared()
    holding = in_force(_consents(consents), on=acting.today)
    agreed = {each.id: each for each in holding if _names(each, acting.agency)}
    if not (agreed or glass) or not await _took_on(desk, acting, hers):
        return Shared()
    streams = by_stream([event for each in hers for event in await desk.timeline.whole(acting.initiative, each)])
    shown = [
        *_entries(acting, streams, holding, _medical(desk, acting, glass)),
        *_consents_shown(acting, streams, agreed),
    ]
    news = [each for each in shown if each.event.envelope.event_id not in own]
    entries = [each for each in news if each.visible.sight is Sight.WHOLE and span.holds(each.event)]
    labels = [each for each in news if each.visible.sight is Sight.LABEL]
    come = [each.event.envelope.occurred_at for each in labels if _had_come(desk, acting, each.event, span)]
    months = {_month(desk, acting, at) for at in come}
    return Shared(
        entries=tuple(entries),
        months=tuple(sorted(months)),
        agreed=tuple(each.consent.recorded for each in agreed.values()),
        unnamed=flagged(streams),
        showings=_showings([each for each in entries if not each.behind], labels if months else ()),
        behind=_showings([each for each in entries if each.behind], ()),
        owners={each.event.envelope.agency: each.event.envelope.client_id for each in entries if each.behind},
    )


def _medical(desk: Desk, acting: Acting, glass: Glass | None) -> bool | None:
    """Whether a broken glass opens restricted care: medical personnel, in a medical emergency (42 CFR 2.51)."""
    if glass is None:
        return None
    return glass.broken.emergency is Emergency.MEDICAL and gives_medical_care(desk, acting)


def gives_medical_care(desk: Desk, acting: Acting) -> bool:
    """Whether the agency's people are medical personnel."""
    return desk.directory.agency(acting.initiative, acting.agency).type in MEDICAL


def _entries(
    acting: Acting, streams: Mapping[UUID, Sequence[Written]], holding: Sequence[InForce], medical: bool | None
) -> Iterator[Shown]:
    """Every entry of others of which something may be seen. `medical`: how the glass was broken; None: it is whole."""
    told = {id: happened(stream) for id, stream in streams.items()}
    for id, facts in told.items():
        by_id = {event.envelope.event_id: event for event in streams[id]}
        referral = referral_of(facts)
        for each in shareable(facts, told.get(referral, ()) if referral else ()):
            found = visible(acting.agency, each.about, holding, side=False)
            event = by_id[each.id]
            if (agency := event.envelope.agency) == acting.agency:
                continue
            shut = medical is not None and found.sight is not Sight.WHOLE
            if shut and behind_glass(acting.agency, each.about, holding, medical=bool(medical)):
                yield Shown(event, WHOLE, each.of, each.about.restricted, frozenset({agency}), behind=True)
            elif found.under is not None:
                yield Shown(event, found, each.of, each.about.restricted, _circle(holding, found.under))


def _consents_shown(
    acting: Acting, streams: Mapping[UUID, Sequence[Written]], agreed: Mapping[UUID, InForce]
) -> Iterator[Shown]:
    """That she agreed: of each consent that opens something to this agency, what names it."""
    for id in agreed:
        for event in streams.get(id, ()):
            if isinstance(event.fact, ConsentRecorded | ConsentChanged) and acting.agency in receivers_of(event.fact):
                yield Shown(event, Visible(Sight.WHOLE, id), None, None, frozenset({event.envelope.agency}))


def _circle(holding: Iterable[InForce], under: UUID) -> frozenset[str]:
    said = next(each.consent for each in holding if each.id == under)
    return frozenset({said.agency, *receivers_of(said.recorded)})


def _month(desk: Desk, acting: Acting, at: datetime) -> str:
    return desk.directory.local_date(acting.initiative, at).strftime("%Y-%m")


def _had_come(desk: Desk, acting: Acting, event: Written, span: Span) -> bool:
    """By months alone: whoever asks day by day must not learn the day."""
    known = event.recorded_at or event.envelope.occurred_at
    asked = ((event.envelope.occurred_at, span.as_of), (known, span.known_at))
    return all(until is None or _month(desk, acting, at) <= _month(desk, acting, until) for at, until in asked)


def _showings(entries: Sequence[Shown], labels: Sequence[Shown]) -> tuple[Showing, ...]:
    """For the accounting, one for each client, consent that allowed it and restricted class, with those who wrote down
    what is shown of it: nobody is to read there which class another's was."""
    looks: dict[tuple[UUID, UUID | None], dict[RestrictedClass | None, set[str]]] = {}
    for each in (*entries, *labels):
        envelope, told = each.event.envelope, each.restricted if each.visible.sight is Sight.WHOLE else None
        look = looks.setdefault((envelope.client_id, each.visible.under), {})
        look.setdefault(told, set()).add(envelope.agency)
    for look in looks.values():
        look[None] = look.get(None, set()).difference(*(of for told, of in look.items() if told is not None))
    return tuple(
        Showing(client=client, consent=under, restricted=told, sources=tuple(sorted(of)))
        for (client, under), look in looks.items()
        for told, of in look.items()
        if of
    )


def _consents(events: Iterable[Written]) -> list[InForce]:
    folded = ((id, consent.fold(happened(stream))) for id, stream in by_stream(events).items())
    return [InForce(id, state) for id, state in folded if state is not None]


def _may_open(event: Written, agency: str) -> bool:
    said = event.fact
    return isinstance(said, ConsentRecorded | ConsentChanged) and bool(said.shared) and agency in receivers_of(said)


def _names(each: InForce, agency: str) -> bool:
    return opens(each.consent, agency, each.consent.agency)


async def _took_on(desk: Desk, acting: Acting, hers: Sequence[UUID]) -> bool:
    for client in hers:
        try:
            if (await known_client(desk, acting, client)).taken_on:
                return True
        except NotASide:  # a reference that this agency joined with hers, and that has left its sight since
            continue
    return False


def leads_told(shared: Shared) -> frozenset[tuple[UUID, ResponsibilityDomain, str]]:
    """Who leads which domain of which pregnancy, as others wrote it down and she agreed to show."""
    return frozenset(
        (each.event.stream, each.event.fact.domain, each.event.fact.agency)
        for each in shared.entries
        if isinstance(each.event.fact, ResponsibilityAssigned) and each.event.fact.agency in each.circle
    )


def flagged(streams: Mapping[UUID, Sequence[Written]]) -> bool:
    """Whether any of these says that she may be in danger; few can, and the others are not read for it."""
    return any(may_flag(event.fact) for stream in streams.values() for event in stream) and any(
        is_flagged(happened(stream)) for stream in streams.values()
    )


def by_stream(events: Iterable[Written]) -> dict[UUID, list[Written]]:
    """Events by the stream that they are of, each in its order."""
    found: dict[UUID, list[Written]] = {}
    for event in events:
        found.setdefault(event.stream, []).append(event)
    return {stream: sorted(each, key=lambda event: event.version) for stream, each in found.items()}
