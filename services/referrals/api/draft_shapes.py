"""Drafts as they come and go: every field of a referral, none of them needed yet, and a form as it was typed."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, JsonValue, StringConstraints

from services.referrals.api.naming import Naming
from services.referrals.api.sending import ConsentGiven, To
from services.referrals.api.shapes import (
    Answer,
    Body,
    ClientNamed,
    CodedReason,
    Handle,
    IdentityGiven,
    Instant,
    NoteText,
)
from services.referrals.application.unsent import DraftSeen
from services.referrals.domain.referral.events import Identifier
from services.referrals.domain.refusal import NotASide
from services.referrals.domain.vocabulary import Category, Mode, Priority

NEVER_SENT = frozenset({"typed", "parent"})
"""What a draft keeps for whoever goes on with it: a form, and what was passed on as this."""

FieldName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Typed = Annotated[str, StringConstraints(max_length=10_000)]


class DraftFields(Body):
    """What is filled in so far. `typed` is a form as somebody left it, whatever stands in it: it is given back, and
    nothing of it is ever sent."""

    client: Handle | None = None
    identity: IdentityGiven | None = None
    to: To | None = None
    category: Category | None = None
    reason_code: CodedReason | None = None
    priority: Priority | None = None
    mode: Mode | None = None
    need: Handle | None = None
    episode: Handle | None = None
    consent: ConsentGiven | None = None
    note: NoteText | None = None
    identifier: Identifier | None = None
    supersedes: UUID | None = None
    check: UUID | None = None
    typed: (
        Annotated[dict[FieldName, Annotated[tuple[Typed, ...], Field(max_length=100)]], Field(max_length=100)] | None
    ) = None


class DraftReferral(DraftFields):
    """A referral that is not sent yet."""

    draft: Literal[True]


class DraftShown(Answer):
    """A draft as it is kept: its fields as they were put in, and until when it is kept if nobody saves it again."""

    referral: str
    state: Literal["draft"] = "draft"
    client: ClientNamed | None
    parent: str | None
    fields: dict[str, JsonValue]
    saved_at: Instant
    kept_until: Instant
    version: int


def fields_of(body: DraftFields) -> dict[str, Any]:
    """What a body says, as it is kept: what it does not say is not in it, what it takes back is None."""
    return body.model_dump(mode="json", exclude_unset=True, exclude={"draft"})


def parent_of(seen: DraftSeen) -> UUID | None:
    """The referral that was passed on as this draft and waits for it to be sent (R3)."""
    parent = seen.fields.get("parent")
    return None if parent is None else UUID(parent)


async def draft_shown(naming: Naming, seen: DraftSeen) -> DraftShown:
    """A draft with the name of its client, where the agency holds one."""
    handle = seen.fields.get("client")
    client = None
    if handle is not None:
        try:
            id = naming.back("client", handle)
            client = (await naming.clients([id]))[id]
        except NotASide:
            client = None  # a reference that is none: sending it will say so
    return DraftShown(
        referral=str(seen.id),
        client=client,
        parent=seen.fields.get("parent"),
        fields={name: value for name, value in seen.fields.items() if name != "parent"},
        saved_at=seen.saved_at,
        kept_until=seen.until,
        version=seen.version,
    )
