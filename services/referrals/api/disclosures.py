"""The accounting of disclosures over HTTP: who learned what of a client, when, and what allowed it."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Annotated

from fastapi import Query

from services.referrals.api.callers import AtDesk, ReadsDisclosures, acting
from services.referrals.api.herself import reader_of
from services.referrals.api.letters import LetterQuery, pdf
from services.referrals.api.naming import Naming
from services.referrals.api.paging import Listing, latest_first
from services.referrals.api.shapes import AgencyNamed, Answer, Instant, Page
from services.referrals.api.shared_entries import ANOTHER
from services.referrals.application import accounting, inquiry_seen
from services.referrals.application.accounting import Accounted
from services.referrals.application.disclosure_paper import Listed, drawn
from services.referrals.application.inquiry_seen import InquirySeen
from services.referrals.application.letter_faces import Faces
from services.referrals.domain.accounting import EntryKind
from services.referrals.domain.break_glass import Emergency
from services.referrals.domain.inquiry import Cause, Finding
from services.referrals.domain.vocabulary import (
    Category,
    ExceptionCode,
    GivenField,
    How,
    Purpose,
    ResponsibilityDomain,
    RestrictedClass,
)
from services.runtime.http import Call, Download, Part, lean_router

router = lean_router()

MOST_PRINTED = 500


class Allowed(Answer):
    """The consent that allowed it, as it stood then; `ended_on`: she took it back since, or it ran out."""

    consent: str
    agreed_on: date
    how: How
    purpose: Purpose
    ended_on: date | None


class OfficerSaid(Answer):
    """What she asked of an entry, of which agency's privacy officer, until when it is answered, and the answer.

    `restricted`: the agency's name tells of a service that is not to be named where others may look on.
    """

    agency: AgencyNamed
    restricted: RestrictedClass | None
    asked_at: Instant
    text: str | None
    due: Instant
    answer: str | None
    answered_at: Instant | None


class OfficerFound(Answer):
    """What an agency's privacy officer found who looked at what was done without her yes, or until when they look.

    `restricted`: the agency's name tells of a service that is not to be named where others may look on.
    """

    agency: AgencyNamed
    restricted: RestrictedClass | None
    due: Instant
    finding: Finding | None
    answer: str | None
    answered_at: Instant | None


class DisclosureShown(Answer):
    """One disclosure: `to` learned it, `by` gave it. A printed letter (`letter`) cannot be taken back.

    An agency whose entries were merely among what was looked at is told that `another` did, without its name, where
    that may be a danger to her. The `reason` is for herself and for privacy officers.

    Without a consent there is an exception, with the reason that was given for it, and of what was opened in an
    emergency, which kind it was. Of an erasure (`erased`), `to` is who erased what it held. `restricted`: what it is
    about, or the name of `to` alone, is not to be shown where others may look on; `by_restricted`: nor is that of `by`.
    For herself alone: `asked` is what she asked of it, `findings` what officers found.
    """

    disclosure: str
    at: Instant
    kind: EntryKind
    to: AgencyNamed
    by: AgencyNamed | None
    fields: list[GivenField]
    category: Category | None
    domain: ResponsibilityDomain | None
    restricted: RestrictedClass | None
    by_restricted: RestrictedClass | None
    allowed: Allowed | None
    exception: ExceptionCode | None
    emergency: Emergency | None
    reason: str | None
    asked: list[OfficerSaid] = []
    findings: list[OfficerFound] = []


class Disclosures(Answer):
    """A part of the list, the latest first."""

    items: list[DisclosureShown]
    next: str | None


class DisclosuresQuery(Page):
    """`part_2`: who got treatment records of substance use in the last three years, and nothing else (42 CFR 2.24)."""

    part_2: bool = False


class DisclosuresPaper(LetterQuery):
    """The same as paper."""

    part_2: bool = False


@router.get("/v1/clients/{client}/disclosures")
async def list_disclosures(
    principal: ReadsDisclosures, call: Call, desk: AtDesk, client: str, query: Annotated[DisclosuresQuery, Query()]
) -> Disclosures:
    """Who saw what of her, when, and under which consent: all of it for herself, an agency's own part for its case
    managers and privacy officers."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    id = naming.back("client", client)
    reader = reader_of(naming, principal, id)
    herself = reader.herself
    found = await accounting.listed(desk, who, id, reader, part_2=query.part_2)
    listing = Listing.of_client(naming, id, "disclosures", query, part_2=query.part_2 or None)
    listing = replace(listing, typed="herself" if herself else "")
    shown, after = latest_first(found, listing.part(), lambda entry: (entry.at, entry.id))
    told = await inquiry_seen.about(desk, who, id, shown) if herself else {}
    known = await accounting.explained(desk, who, reader, {id: shown})
    return Disclosures(
        items=[disclosure_shown(naming, known[entry.id], told.get(entry.id, ())) for entry in shown],
        next=listing.next_url(after),
    )


@router.get("/v1/clients/{client}/disclosures/paper")
async def print_disclosures(  # noqa: PLR0913 - each argument is a source of its own
    principal: ReadsDisclosures,
    call: Call,
    desk: AtDesk,
    *,
    known: Annotated[Faces, Part("letter_faces")],
    client: str,
    query: Annotated[DisclosuresPaper, Query()],
) -> Download:
    """The same list as a PDF, without her name, and without the names of services that are restricted: the list of
    who got treatment records alone names them."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    id = naming.back("client", client)
    reader = reader_of(naming, principal, id)
    found = await accounting.listed(desk, who, id, reader, part_2=query.part_2)
    found.sort(key=lambda entry: (entry.at, entry.id), reverse=True)
    printed = found[:MOST_PRINTED]
    explained = await accounting.explained(desk, who, reader, {id: printed})
    text = Listed(
        language=query.language,
        part_2=query.part_2,
        today=who.today,
        agency=who.agency,
        entries=[explained[entry.id] for entry in printed],
        asked=await inquiry_seen.about(desk, who, id, printed) if reader.herself else {},
        name_of=lambda agency: naming.agency(agency).name,
        is_telling=lambda agency: naming.class_told(agency) is not None,
        local=lambda at: at.astimezone(desk.directory.initiative(who.initiative).timezone),
    )
    return pdf("disclosures.pdf", drawn(text, query.size, known))


def disclosure_shown(naming: Naming, each: Accounted, told: Collection[InquirySeen] = ()) -> DisclosureShown:
    """An entry as the caller's agency, or she herself, reads it; `told`: what officers are asked about it."""
    entry = each.entry
    return DisclosureShown(
        disclosure=naming.out("disclosure", entry.id),
        at=entry.at,
        kind=entry.kind,
        to=AgencyNamed(agency="another", name=ANOTHER) if each.unnamed else naming.agency(entry.to),
        by=naming.agency(entry.by) if entry.by is not None else None,
        fields=list(entry.fields),
        category=entry.category,
        domain=entry.domain,
        restricted=entry.restricted or (None if each.unnamed else naming.class_told(entry.to)),
        by_restricted=naming.class_told(entry.by) if entry.by is not None else None,
        allowed=_allowed(naming, each),
        exception=entry.exception.code if entry.exception else None,
        emergency=entry.emergency,
        reason=each.reason,
        asked=[_asked(naming, one) for one in told if one.state.opened.cause is Cause.QUESTION],
        findings=[_found(naming, one) for one in told if one.state.opened.cause is not Cause.QUESTION],
    )


def _asked(naming: Naming, one: InquirySeen) -> OfficerSaid:
    of = one.state.opened.to_agency
    return OfficerSaid(
        agency=naming.agency(of),
        restricted=naming.class_told(of),
        asked_at=one.state.at,
        text=one.text,
        due=one.state.due,
        answer=one.answer,
        answered_at=one.state.answered_at,
    )


def _found(naming: Naming, one: InquirySeen) -> OfficerFound:
    of = one.state.opened.to_agency
    return OfficerFound(
        agency=naming.agency(of),
        restricted=naming.class_told(of),
        due=one.state.due,
        finding=one.state.answered.finding if one.state.answered else None,
        answer=one.answer,
        answered_at=one.state.answered_at,
    )


def _allowed(naming: Naming, each: Accounted) -> Allowed | None:
    then, now, id = each.then, each.now, each.entry.consent
    if id is None or then is None:
        return None
    said = then.recorded
    return Allowed(
        consent=naming.out("consent", id),
        agreed_on=said.on,
        how=said.how,
        purpose=said.purpose,
        ended_on=now.ended_on if now else None,
    )
