"""Owns how made-up clients and staff change their minds: what is taken back, revoked, planned, or stopped for good."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from random import Random

from contracts.vocabulary import ContactMode, How, Reason
from deploy.simulator import asides, pregnancy, steps
from deploy.simulator.county import County
from deploy.simulator.known import CLIENT, Asked, Known, plan_of
from services.referrals.application.safe_contact import WORDS
from services.referrals.application.stopping import KIND, Cause, Stop
from services.referrals.domain import client, consent, referral, safe_contact
from services.referrals.domain.fact import Fact, Happened
from services.referrals.domain.taking_back import TakeBack

SHARE = {"mistaken": 0.03, "revoked": 0.12, "revoked_later": 0.02, "planned": 0.05, "stopped": 0.03, "everything": 0.4}
MISTAKEN_FOR, SEEN_AFTER = timedelta(minutes=9), timedelta(minutes=3)
HOW_SHE_LIKES_IT = (
    ((ContactMode.PHONE, ContactMode.OFFICE_VISIT), "Practice words: after four, and ask for Testa."),
    ((ContactMode.TEXT_TWO_WAY, ContactMode.PHONE, ContactMode.HOME_VISIT), "Practice words: text before you come."),
    ((ContactMode.OFFICE_VISIT,), "Palabras de práctica: nunca llame a casa."),
)
CAUSES = (Cause.MOVED_AWAY, Cause.NO_CONTACT)


def with_changes(county: County, name: str, taken: Iterable[steps.AnyStep]) -> list[steps.AnyStep]:
    """The steps of a journey in their order, with what was a mistake, what she takes back, and an early end of all.

    It draws from chances of its own, so that the steps themselves stay as they are.
    """
    chance, found = Random(f"{name}|changes"), sorted(taken, key=lambda step: step.at)
    found = _with_revocations(county, chance, found)
    for step in list(found):
        match step:
            case steps.Register() if chance.random() < SHARE["planned"]:
                modes, words = chance.choice(HOW_SHE_LIKES_IT)
                found.append(steps.Plan(at=step.at + SEEN_AFTER, agency=step.agency, modes=modes, words=words))
            case steps.Accept() if chance.random() < SHARE["mistaken"]:
                found += _mistake(step, found)
            case _:
                pass
    return _stopped(chance, found)


def _mistake(step: steps.Accept, taken: Sequence[steps.AnyStep]) -> list[steps.AnyStep]:
    """A no where a yes was meant, and taken back at once (R14)."""
    at = step.at - MISTAKEN_FOR
    before = [each.at for each in taken if isinstance(each, steps.Send | steps.OfReferral) and each.name == step.name]
    if max((each for each in before if each < step.at), default=at) >= at:
        return []
    said = steps.Decline(at=at, agency=step.agency, name=step.name, reason=Reason.NO_CAPACITY)
    return [said, steps.TakeBack(at=at + SEEN_AFTER, agency=step.agency, name=step.name)]


def _with_revocations(county: County, chance: Random, taken: list[steps.AnyStep]) -> list[steps.AnyStep]:
    """She takes back what nobody has answered, which ends it (R1), or long afterwards what was done."""
    found = taken
    for sent in [each for each in taken if isinstance(each, steps.Send)]:
        mine = [each for each in taken if isinstance(each, steps.OfReferral) and each.name == sent.name]
        silent = any(isinstance(each, steps.Expire) for each in mine)
        goes_on = any(isinstance(each, steps.Redirect) and not each.waiting for each in mine)
        if goes_on or chance.random() > SHARE["revoked" if silent else "revoked_later"]:
            continue
        last = max((each.at for each in mine), default=sent.at)
        at = county.hours.desk((sent.at if silent else last) + timedelta(days=chance.uniform(1, 6)), chance)
        if silent:
            found = [each for each in found if not (each in mine and each.at >= at)]
        found = [*found, steps.Revoke(at=at, agency=sent.agency, name=sent.consent, how=How.SPOKEN)]
    return found


def _stopped(chance: Random, taken: list[steps.AnyStep]) -> list[steps.AnyStep]:
    """Nothing but the calendar goes on after she moved away, or wants no contact."""
    ends = [each for each in taken if isinstance(each, steps.EndCare)]
    if not ends or chance.random() > SHARE["stopped"]:
        return taken
    end, cause = ends[0], chance.choice(CAUSES)
    others = any(isinstance(each, steps.Send) and each.agency != end.agency for each in taken)
    everything = chance.random() < SHARE["everything"] or others  # so that nothing of theirs stays open unseen
    kept = [each for each in taken if each.at < end.at or isinstance(each, steps.EndPostpartum)]
    return [*kept, steps.Stop(at=end.at, agency=end.agency, cause=cause, everything=everything)]


def asked_of(step: steps.Revoke | steps.Plan | steps.Stop, known: Known) -> Asked:
    """The command of a step."""
    at, agency = step.at, step.agency
    match step:
        case steps.Revoke():
            today = known.county.hours.local_date(at)
            revoked = consent.RevokeConsent(agency=agency, at=at, today=today, how=step.how, on=today)
            return Asked(step.name, consent, revoked, at)
        case steps.Plan():
            words = known.notes[plan_of(agency)]
            planned = safe_contact.PlanSafeContact(agency=agency, at=at, modes=step.modes, words=words)
            return Asked(plan_of(agency), safe_contact, planned, at)
        case steps.Stop():
            stop = client.StopContact(agency=agency, at=at, cause=known.notes[KIND], everything=step.everything)
            return Asked(CLIENT, client, stop, at)


def typed_in(step: steps.AnyStep) -> tuple[str, str, str] | None:
    """What a step has in the vault: the journey's word for it, its kind and its text."""
    match step:
        case steps.Send(name=name, note=str(note)):
            return name, "note", note
        case steps.Plan(agency=agency, words=words):
            return plan_of(agency), WORDS, words
        case steps.Aside():
            return asides.typed_in(step)
        case steps.End():
            return pregnancy.typed_in(step)
        case steps.Stop(cause=cause, everything=everything):
            return KIND, KIND, Stop(cause=Cause(cause), everything=everything).model_dump_json()
        case _:
            return None


def taken_back(step: steps.TakeBack, history: Sequence[Happened]) -> Sequence[Fact]:
    """What is written down when the last step on a referral is taken back."""
    return referral.take_back(TakeBack(agency=step.agency, at=step.at), history)
