"""Referrals over HTTP: send, read, and the steps of both sides."""

from typing import Annotated
from uuid import UUID

from pydantic import Discriminator, Field, Tag, model_validator

from services.referrals.api.births import sent_after_birth
from services.referrals.api.callers import Agency, AtDesk, acting
from services.referrals.api.clients import identity_of
from services.referrals.api.consents import said_of
from services.referrals.api.given import GivenShown, given_shown
from services.referrals.api.naming import AskedNames, Naming
from services.referrals.api.referral_shapes import (
    ReferralShown,
    SentShown,
    sent_shown,
    shown,
)
from services.referrals.api.shapes import (
    Body,
    CodedReason,
    ConsentById,
    ConsentNow,
    Handle,
    IdentityGiven,
    NoteText,
    Slug,
    kind_of_consent,
)
from services.referrals.application import given as givens
from services.referrals.application import referral as referrals
from services.referrals.application import sending
from services.referrals.application.about import about
from services.referrals.application.acting import Acting
from services.referrals.application.consent import Said
from services.referrals.application.sending import Exceptional, Sending
from services.referrals.domain.referral.events import Identifier
from services.referrals.domain.vocabulary import (
    Category,
    ExceptionCode,
    GivenField,
    Mode,
    Priority,
)
from services.runtime.http import Call, Reply, lean_router

router = lean_router()

WHAT_IT_TAKES = (GivenField.NAME, GivenField.BIRTH_DATE, GivenField.PHONES, GivenField.ADDRESS, GivenField.LANGUAGE)
"""What an exception gives where it does not say: who she is, how to reach her, in which language."""


class To(Body):
    """Who is asked, for which of their services."""

    agency: Slug
    service: Slug


class ConsentException(Body):
    """Why her details go out without her yes; the reason goes to the vault."""

    exception: ExceptionCode
    reason: NoteText
    fields: Annotated[tuple[GivenField, ...], Field(max_length=len(GivenField))] = (*WHAT_IT_TAKES, GivenField.NOTE)


ConsentGiven = Annotated[
    Annotated[ConsentById, Tag("ById")]
    | Annotated[ConsentNow, Tag("Now")]
    | Annotated[ConsentException, Tag("Exception")],
    Discriminator(kind_of_consent),
]


class SendReferral(Body):
    """A referral for a client, by reference or by who she is, to another agency's service, with what she agreed to."""

    client: Handle | None = None
    identity: IdentityGiven | None = None
    to: To
    category: Category
    reason_code: CodedReason | None = None
    priority: Priority = Priority.ROUTINE
    mode: Mode = Mode.DIRECT
    episode: Handle | None = None
    consent: ConsentGiven | None = None
    note: NoteText | None = None
    identifier: Identifier | None = None

    @model_validator(mode="after")
    def _one_client(self) -> "SendReferral":
        if (self.client is None) == (self.identity is None):
            raise ValueError("Name the client by reference, or say who she is: one of the two.")
        return self


@router.post("/v1/referrals", status_code=201)
async def send_referral(principal: Agency, call: Call, desk: AtDesk, body: SendReferral) -> Reply[SentShown]:
    """Send a referral. It is stored, whole, when this answers 201."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    wish = _wish(naming, who, body)
    await sent_after_birth(desk, who, wish)
    done = await sending.send(desk, who, wish)
    return sent_shown(naming, done.seen, replayed=done.replayed)


@router.get("/v1/referrals/{referral}")
async def get_referral(
    principal: Agency, call: Call, desk: AtDesk, referral: UUID, query: AskedNames
) -> Reply[ReferralShown]:
    """A referral as the caller's side may see it. Reading moves nothing: `receive` and `acknowledge` are steps.

    A name that she gave its receiver, who has not accepted, goes on her list of who saw her record.
    """
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    seen = await referrals.read(desk, who, referral)
    beside = await about(desk, who, seen.id, seen.client, seen.state.sent.consent)
    client = await naming.client_in(seen.client, seen.work, names=query.names)
    return shown(naming, seen, client, beside, await givens.not_held(desk, who, seen))


@router.get("/v1/referrals/{referral}/given")
async def get_referral_given(principal: Agency, call: Call, desk: AtDesk, referral: UUID) -> GivenShown:
    """What she agreed to give, for its receiver alone; that it was read is on her list of who saw her record."""
    who = acting(principal, call, desk)
    return given_shown(await givens.of_referral(desk, who, referral))


def _wish(naming: Naming, who: Acting, body: SendReferral) -> Sending:
    return Sending(
        client=identity_of(who, body.identity, "/identity")
        if body.identity is not None
        else naming.back("client", body.client or ""),
        to_agency=body.to.agency,
        service=body.to.service,
        category=body.category,
        basis=_basis(naming, who, body),
        reason_code=body.reason_code,
        priority=body.priority,
        mode=body.mode,
        episode=naming.maybe_back("episode", body.episode),
        note=body.note,
        identifier=body.identifier,
    )


def _basis(naming: Naming, who: Acting, body: SendReferral) -> UUID | Said | Exceptional | None:
    match body.consent:
        case ConsentById(id=id):
            return naming.back("consent", id)
        case ConsentNow() as now:
            return said_of(who, now, body.to.agency, body.category)
        case ConsentException() as exception:
            return Exceptional(code=exception.exception, reason=exception.reason, fields=exception.fields)
        case None:
            return None
