"""What she agreed to give, as its one receiver reads it."""

from datetime import date

from services.referrals.api.shapes import Answer, Instant
from services.referrals.application.given import GivenOpened
from services.referrals.domain.vocabulary import ContactMode, GivenField


class GivenName(Answer):
    """One name that she uses."""

    given: str | None = None
    family: str | None = None


class GivenAddress(Answer):
    """Where she can be written to."""

    line: str | None = None
    city: str | None = None
    zip: str | None = None


class GivenFields(Answer):
    """The fields that she agreed to give and the sender held; null where she did not or it did not.

    `name` is her first name as a page prints it, `names` are all of them in parts; `safe_contact` are the words of the
    plan of how she may be contacted.
    """

    name: str | None = None
    names: list[GivenName] = []
    birth_date: date | None = None
    phones: list[str] = []
    address: GivenAddress | None = None
    language: str | None = None
    due_date: date | None = None
    medi_cal_cin: str | None = None
    safe_contact: str | None = None


class GivenNote(Answer):
    """The sender's words."""

    text: str


class GivenPlan(Answer):
    """How she may be contacted: by these modes alone, or not at all, since when. Never why."""

    modes: list[ContactMode]
    contact_prohibited: bool
    words: str | None
    planned_at: Instant


class GivenShown(Answer):
    """What the receiver may read of her, for this referral or handoff alone.

    `not_held` names what she agreed to give and the sender did not hold: ask her, not them. `safe_contact_plan` goes
    where her phone or address goes, and is the one in force now, also where it was changed since; without these it
    says at most that she may not be contacted. Null where nothing was planned.
    """

    fields: GivenFields
    safe_contact_plan: GivenPlan | None
    note: GivenNote | None
    not_held: list[GivenField]


def given_shown(opened: GivenOpened) -> GivenShown:
    """The copy as it is answered."""
    stated = opened.fields
    names = [GivenName.model_validate(name) for name in stated.get("name", [])]
    text = " ".join(part for part in (names[0].given, names[0].family) if part) if names else None
    rest = {field: value for field, value in stated.items() if field != "name"}
    fields = GivenFields.model_validate({"name": text, "names": names, "safe_contact": opened.words, **rest})
    note = GivenNote(text=opened.note) if opened.note is not None else None
    return GivenShown(fields=fields, note=note, not_held=list(opened.not_held), safe_contact_plan=_plan(opened))


def _plan(opened: GivenOpened) -> GivenPlan | None:
    if opened.plan is None:
        return None
    plan = opened.plan.plan
    return GivenPlan(
        modes=list(plan.modes), contact_prohibited=plan.prohibited, words=opened.words, planned_at=opened.plan.at
    )
