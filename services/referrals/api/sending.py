"""Sending over HTTP: what a referral is made of, and the wish that it comes to."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Discriminator, Field, Tag, model_validator

from services.referrals.api.births import sent_after_birth
from services.referrals.api.clients import identity_of
from services.referrals.api.consents import said_of
from services.referrals.api.naming import Naming
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
from services.referrals.application.acting import Acting
from services.referrals.application.consent import Said
from services.referrals.application.sending import Exceptional, Sending
from services.referrals.domain.referral.events import Identifier
from services.referrals.domain.vocabulary import Category, ExceptionCode, GivenField, Mode, Priority

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
    """A referral for a client, by reference or by who she is, to another agency's service, with what she agreed to.

    `check` is the capacity check that it comes of: nobody need answer that one any more (R2).
    """

    draft: Literal[False] = False
    client: Handle | None = None
    identity: IdentityGiven | None = None
    to: To
    category: Category
    reason_code: CodedReason | None = None
    priority: Priority = Priority.ROUTINE
    mode: Mode = Mode.DIRECT
    episode: Handle | None = None
    need: Handle | None = None
    consent: ConsentGiven | None = None
    note: NoteText | None = None
    identifier: Identifier | None = None
    supersedes: UUID | None = None
    check: UUID | None = None

    @model_validator(mode="after")
    def _one_client(self) -> "SendReferral":
        if (self.client is None) == (self.identity is None):
            raise ValueError("Name the client by reference, or say who she is: one of the two.")
        return self


async def wish_of(naming: Naming, who: Acting, body: SendReferral) -> Sending:
    """What is to be sent. Raises NotASide for a handle that is none, 422 for a day that makes no sense."""
    wish = _wish(naming, who, body)
    await sent_after_birth(naming.desk, who, wish)
    return wish


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
        need=naming.maybe_back("need", body.need),
        note=body.note,
        identifier=body.identifier,
        supersedes=body.supersedes,
        check=body.check,
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
