"""Consents as they are said and shown: the whole of one, and its reference."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from pydantic import Field

from services.referrals.api.naming import Naming
from services.referrals.api.shapes import AgencyNamed, Answer, Body, Day, Instant, Slug
from services.referrals.application.consent import ConsentSeen
from services.referrals.domain.consent import ConsentStatus, FormVersion, receivers_of
from services.referrals.domain.vocabulary import (
    Category,
    ConsentAuthority,
    ConsentForm,
    GivenField,
    How,
    InformationKind,
    Measurement,
    Purpose,
    RestrictedClass,
    restricted_class,
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
    """How and on which local date she took it back: today where it is not said.

    She herself says neither: it is she who does it, today.
    """

    how: How = How.SPOKEN
    on: Day | None = None


class ConsentRef(Answer):
    """A consent by this agency's own reference."""

    consent: str
    client: str
    version: int


class OverruledShown(Answer):
    """A no of hers that the same agency recorded and that goes before a yes: to the `whole` of it, or to a part."""

    whole: bool
    on: date


class ConsentShown(Answer):
    """A consent as it stands. `acknowledged`: the agency knows that it ran out.

    `agency` recorded it, `to` are the receivers that it names, and `restricted` is the class of what it is about, or of
    all that one of these agencies does: not to be named where others may look on.
    """

    consent: str
    client: str
    agency: AgencyNamed
    to: list[AgencyNamed]
    restricted: RestrictedClass | None
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
    overruled: OverruledShown | None
    ended_on: date | None
    acknowledged: bool
    recorded_at: Instant
    version: int


class Consents(Answer):
    """A part of what this agency recorded, or of what she said at any, the latest first."""

    items: list[ConsentShown]
    next: str | None


def consent_shown(naming: Naming, seen: ConsentSeen) -> ConsentShown:
    """A consent for the agency that recorded it, or for herself."""
    said = seen.state.recorded
    to = receivers_of(said)
    return ConsentShown(
        consent=naming.out("consent", seen.id),
        client=naming.out("client", seen.client),
        agency=naming.agency(seen.state.agency),
        to=[naming.agency(each) for each in to],
        restricted=class_told(naming, said.category, (*to, seen.state.agency)),
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
        overruled=OverruledShown(whole=seen.overruled.whole, on=seen.overruled.on) if seen.overruled else None,
        ended_on=seen.state.ended_on,
        acknowledged=seen.state.acknowledged,
        recorded_at=seen.state.at,
        version=seen.version,
    )


def class_told(naming: Naming, category: Category | None, agencies: Iterable[str]) -> RestrictedClass | None:
    """What a need and names of agencies tell: the need's class, else that of an agency which does nothing else."""
    if category is not None and (found := restricted_class(category)) is not None:
        return found
    return next(filter(None, (naming.class_told(agency) for agency in agencies)), None)
