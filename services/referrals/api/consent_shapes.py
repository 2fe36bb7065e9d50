"""Consents as they are said and shown: the whole of one, and its reference."""

from datetime import date
from typing import Annotated

from pydantic import Field

from services.referrals.api.naming import Naming
from services.referrals.api.shapes import Answer, Body, Day, Instant, Slug
from services.referrals.application.consent import ConsentSeen
from services.referrals.domain.consent import ConsentStatus, FormVersion
from services.referrals.domain.vocabulary import (
    Category,
    ConsentAuthority,
    ConsentForm,
    GivenField,
    How,
    InformationKind,
    Measurement,
    Purpose,
)


class RecordConsent(Body):
    """What she said: yes or no, how, on which local date; a yes names fields, and receivers or a need.

    `categories` are the kinds of information to which a form asks yes or no; `measurement` says whether her record may
    count in figures.
    """

    agreed: bool
    how: How
    on: Day
    fields: Annotated[tuple[GivenField, ...], Field(max_length=len(GivenField))] = ()
    recipient: Slug | None = None
    recipients: Annotated[tuple[Slug, ...], Field(max_length=50)] = ()
    category: Category | None = None
    purpose: Purpose = Purpose.COORDINATION
    expires: Day | None = None
    form: ConsentForm | None = None
    form_version: FormVersion | None = None
    authority: ConsentAuthority = ConsentAuthority.SELF
    categories: dict[InformationKind, bool] = {}
    measurement: Measurement = Measurement.NOT_ASKED


class RevokeConsent(Body):
    """How and on which local date she took it back: today where it is not said."""

    how: How = How.SPOKEN
    on: Day | None = None


class ConsentRef(Answer):
    """A consent by this agency's own reference."""

    consent: str
    client: str
    version: int


class ConsentShown(Answer):
    """A consent as it stands. `acknowledged`: the agency knows that it ran out."""

    consent: str
    client: str
    agreed: bool
    how: How
    on: date
    fields: list[GivenField]
    recipient: str | None
    category: Category | None
    purpose: Purpose
    expires: date | None
    recipients: list[str]
    form: ConsentForm | None
    form_version: str | None
    authority: ConsentAuthority
    categories: dict[InformationKind, bool]
    measurement: Measurement
    state: ConsentStatus
    ended_on: date | None
    acknowledged: bool
    recorded_at: Instant
    version: int


class Consents(Answer):
    """A part of what this agency recorded, the latest first."""

    items: list[ConsentShown]
    next: str | None


def consent_shown(naming: Naming, seen: ConsentSeen) -> ConsentShown:
    """A consent for the agency that recorded it."""
    said = seen.state.recorded
    return ConsentShown(
        consent=naming.out("consent", seen.id),
        client=naming.out("client", seen.client),
        agreed=said.agreed,
        how=said.how,
        on=said.on,
        fields=list(said.fields),
        recipient=said.recipient,
        category=said.category,
        purpose=said.purpose,
        expires=said.expires,
        recipients=list(said.recipients),
        form=said.form,
        form_version=said.form_version,
        authority=said.authority,
        categories=dict.fromkeys(said.shared, True) | dict.fromkeys(said.withheld, False),
        measurement=said.measurement or Measurement.NOT_ASKED,
        state=seen.state.status,
        ended_on=seen.state.ended_on,
        acknowledged=seen.state.acknowledged,
        recorded_at=seen.state.at,
        version=seen.version,
    )
