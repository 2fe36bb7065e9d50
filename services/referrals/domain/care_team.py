"""A client's care team: which agencies help her now, with what, and what she agreed that each of them may have."""

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from services.referrals.domain.client import Client
from services.referrals.domain.consent import overruled, receivers_of
from services.referrals.domain.consent.kinds import CLASSES
from services.referrals.domain.consent.visible import InForce, kinds_opened
from services.referrals.domain.frozen import frozen
from services.referrals.domain.handoff import Handoff
from services.referrals.domain.help import HELPING, Help, HelpState, once
from services.referrals.domain.referral import Referral
from services.referrals.domain.vocabulary import (
    GivenField,
    InformationKind,
    Mode,
    ResponsibilityDomain,
    RestrictedClass,
    in_order,
    restricted_class,
)


@frozen(kw_only=True)
class Helper:
    """An agency that helps her. What it does of a restricted class is a helper of its own: the agency's name is not to
    tell which of them it is.

    `registered`: it wrote down itself who she is. `fields` and `kinds` are what consents in force let it have.
    """

    agency: str
    restricted: RestrictedClass | None
    registered: bool
    leads: tuple[ResponsibilityDomain, ...]
    helps: tuple[Help, ...]
    fields: tuple[GivenField, ...]
    kinds: tuple[InformationKind, ...]


@frozen(kw_only=True)
class Told:
    """What is known of her: as whom agencies registered her, what was sent, who leads what, and what holds."""

    clients: Collection[Client]
    sent: Collection[Referral | Handoff]
    leads: Collection[tuple[str, ResponsibilityDomain]]
    consents: Sequence[InForce]


@frozen
class _Piece:
    """One reason for which an agency is on the team, and the consent by which it got something for it."""

    agency: str
    restricted: RestrictedClass | None = None
    registered: bool = False
    lead: ResponsibilityDomain | None = None
    help: Help | None = None
    consent: UUID | None = None


def team(told: Told, class_of: Callable[[str], RestrictedClass | None]) -> list[Helper]:
    """Who helps her, whoever leads her care first. `class_of`: what an agency's name alone tells.

    What is restricted comes last. None of those who are not to contact her any more (R20).
    """
    parts: dict[tuple[str, RestrictedClass | None], list[_Piece]] = {}
    for each in _pieces(told):
        if not any(client.is_stopped(each.agency) for client in told.clients):
            parts.setdefault((each.agency, each.restricted or class_of(each.agency)), []).append(each)
    found = [_helper(agency, restricted, pieces, told.consents) for (agency, restricted), pieces in parts.items()]
    cards = Counter(each.agency for each in found)
    return sorted((_of_its_class(each) if cards[each.agency] > 1 else each for each in found), key=_place)


def _pieces(told: Told) -> Iterator[_Piece]:
    for client in told.clients:
        if client.agency not in client.erased:
            yield _Piece(client.agency, registered=True)
    for agency, domain in told.leads:
        yield _Piece(agency, restricted_class(domain), lead=domain)
    for state in told.sent:
        piece = _of_referral(state) if isinstance(state, Referral) else _of_handoff(state)
        if piece is not None and (piece.agency, piece.help and piece.help.domain) not in told.leads:
            yield piece


def _of_referral(state: Referral) -> _Piece | None:
    sent, status = state.sent, HELPING.get(state.status)
    if status is None or sent.mode is Mode.INFORMATIONAL:  # she goes there herself: nobody is asked
        return None
    doing = Help(state=status, since=state.accepted_at or state.sent_at, category=sent.category)
    if sent.exception:
        doing = replace(doing, exception=sent.exception.code, unasked=in_order(sent.given))
    return _Piece(sent.to_agency, sent.restricted, help=doing, consent=sent.consent)


def _of_handoff(state: Handoff) -> _Piece | None:
    proposed, status = state.proposed, HELPING.get(state.status)
    if status is None:
        return None
    since = state.accepted_at or state.offered_at or state.proposed_at
    doing = Help(state=status, since=since, domain=proposed.domain)
    return _Piece(proposed.to_agency, restricted_class(proposed.domain), help=doing, consent=state.consent)


def _helper(
    agency: str, restricted: RestrictedClass | None, pieces: Sequence[_Piece], consents: Sequence[InForce]
) -> Helper:
    own = {each.consent for each in pieces}
    yes = [each for each in consents if each.consent.recorded.agreed]
    opening = [
        each
        for each in yes
        if each.id in own or _is_named(agency, restricted, each)
        if (no := overruled(each.consent, [every.consent for every in consents], agency)) is None or not no.whole
    ]
    given = {field for each in opening for field in each.consent.recorded.fields}
    kinds = kinds_opened(agency, opening, consents)
    return Helper(
        agency=agency,
        restricted=restricted,
        registered=any(each.registered for each in pieces),
        leads=tuple(dict.fromkeys(each.lead for each in pieces if each.lead is not None)),
        helps=once(each.help for each in pieces if each.help is not None),
        fields=tuple(each for each in GivenField if each in given),
        kinds=tuple(each for each in InformationKind if each in kinds),
    )


def _of_its_class(helper: Helper) -> Helper:
    """Of an agency that is told of twice: what both may see would tell that they are one."""
    if helper.restricted is None:
        return helper
    of_class = CLASSES.get(helper.restricted)
    return replace(helper, kinds=tuple(each for each in helper.kinds if each is of_class))


def _is_named(agency: str, restricted: RestrictedClass | None, each: InForce) -> bool:
    """A yes about a restricted need is of what the agency does of that class alone."""
    said = each.consent.recorded
    about = restricted_class(said.category) if said.category else None
    return agency in receivers_of(said) and about in {None, restricted}


def _place(helper: Helper) -> tuple[bool | float | str, ...]:
    """What is restricted comes last, by when it began: its place tells neither its agency nor what that does."""
    if helper.restricted is not None:
        return (True, min((each.since.timestamp() for each in helper.helps), default=math.inf))
    coordinates = ResponsibilityDomain.PRIMARY_CARE_COORDINATION in helper.leads
    helps = any(each.state is HelpState.ACCEPTED for each in helper.helps)
    return (False, not coordinates, not helper.leads, not helper.registered, not helps, helper.agency)
