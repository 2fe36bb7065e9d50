"""Owns what staff do beside the steps of a made-up journey: they ask, keep papers, claim, and set a due date right."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import assert_never

from contracts.vocabulary import ContactOutcome
from deploy.simulator import leaving, steps
from deploy.simulator.county import County
from deploy.simulator.known import EPISODE, Asked, Known, claim_of
from services.referrals.application.question import KIND as QUESTION
from services.referrals.domain import claim, episode, note, question
from services.referrals.domain.episode import EpisodeDated
from services.referrals.vault.files import KIND as FILE

SHARE = {
    "asked": 0.05,
    "asked_now": 0.5,
    "replied": 0.8,
    "misdated": 0.02,
    "paper": 0.004,
    "claimed": 0.02,
    "claimed_lately": 0.6,
}
TIME_TO_ASK = timedelta(hours=2)
LATELY, CLAIMED_LATELY, CLAIMED_AFTER = timedelta(days=10), timedelta(hours=36), timedelta(minutes=3)
A_MONTH_OFF, NOTICED_AFTER, SET_RIGHT_AFTER = timedelta(days=31), timedelta(minutes=20), timedelta(minutes=2)
WORDS = (
    ("Practice question: can she come on Tuesdays?", "Practice answer: on any day but Friday."),
    ("Practice question: does she need an interpreter?", "Practice answer: yes, for the first visit."),
    ("Pregunta de práctica: ¿puede venir con su hermana?", "Respuesta de práctica: sí, con gusto."),
)
WRONG_DATE = "Practice reason: the date of somebody else was read."


def with_asides(county: County, name: str, taken: Sequence[steps.AnyStep]) -> list[steps.AnyStep]:
    """The steps of a journey in their order, with what is done beside them until there is no further contact.

    It draws from chances of its own, so that the steps themselves stay as they are.
    """
    chance, found = Random(f"{name}|asides"), list[steps.AnyStep]()
    stop = min((step.at for step in taken if isinstance(step, steps.Stop)), default=county.until)
    for step in taken:
        match step:
            case steps.Date() if chance.random() < SHARE["misdated"]:
                found += _misdated(step)
                continue
            case steps.Contact(outcome=ContactOutcome.COMPLETED, referral=None, handoff=None):
                if chance.random() < SHARE["paper"]:
                    at, paper = step.at + timedelta(minutes=6), f"paper-{step.name}"
                    found.append(steps.Attach(at=at, agency=step.agency, name=paper, contact=step.name))
            case steps.Receive() if county.agencies[step.agency].on_system:
                found += _about(county, chance, step, taken)
            case _:
                pass
        found.append(step)
    found += leaving.handed_on(county, name, taken)
    return [step for step in found if step.at < stop or not isinstance(step, steps.Aside)]


def _misdated(step: steps.Date) -> list[steps.AnyStep]:
    """A due date of another month, noticed soon, entered in error and stated anew (R14)."""
    noticed = step.at + NOTICED_AFTER
    return [
        replace(step, edd=step.edd - A_MONTH_OFF),
        steps.VoidDate(at=noticed, agency=step.agency, reason=WRONG_DATE),
        replace(step, at=noticed + SET_RIGHT_AFTER),
    ]


def _about(
    county: County, chance: Random, received: steps.Receive, taken: Iterable[steps.AnyStep]
) -> Iterator[steps.AnyStep]:
    """A question before the answer, now and then; what came lately is asked about, or somebody does it."""
    word, sender = received.name, ""
    after = list[datetime]()
    for step in taken:
        if isinstance(step, steps.Send) and step.name == word:
            sender = step.agency
        elif isinstance(step, steps.Redirect) and step.child == word:
            sender = step.sender
        elif isinstance(step, steps.OfReferral) and step.name == word and step.at > received.at:
            after.append(step.at)
    answered = min(after, default=county.until + LATELY)
    drawn, (asks, replies) = chance.random(), chance.choice(WORDS)
    since = county.until - received.at
    if chance.random() < SHARE["claimed_lately" if since < CLAIMED_LATELY else "claimed"]:
        yield from _claimed(received, answered)
    if answered > county.until:
        if since < LATELY and drawn < SHARE["asked_now"]:
            yield _asked(received, received.at + timedelta(hours=1), sender, asks)
    elif answered - received.at > TIME_TO_ASK and drawn < SHARE["asked"]:
        gap = answered - received.at
        yield (question := _asked(received, received.at + gap * 0.3, sender, asks))
        if chance.random() < SHARE["replied"]:
            yield steps.Reply(at=received.at + gap * 0.6, agency=sender, name=question.name, text=replies)


def _claimed(received: steps.Receive, answered: datetime) -> Iterator[steps.AnyStep]:
    """Who opened it does it, where it was not answered at once."""
    at = received.at + CLAIMED_AFTER
    if at < answered:
        yield steps.Claim(at=at, agency=received.agency, referral=received.name)


def _asked(received: steps.Receive, at: datetime, sender: str, text: str) -> steps.Ask:
    word = f"question-{received.name}"
    return steps.Ask(at=at, agency=received.agency, name=word, referral=received.name, to_agency=sender, text=text)


def asked_of(step: steps.AsideStep, known: Known) -> Asked:
    """The command of a step. KeyError for one that relies on what never was."""
    at, agency = step.at, step.agency
    match step:
        case steps.Ask(name=name, to_agency=to, referral=word):
            ask = question.AskQuestion(
                agency=agency, at=at, to_agency=to, text=known.notes[name], referral=known.streams[word].id
            )
            return Asked(name, question, ask, at)
        case steps.Reply(name=name):
            reply = question.AnswerQuestion(agency=agency, at=at, text=known.notes[f"{name} answer"])
            return Asked(name, question, reply, at)
        case steps.VoidDate():
            said = [each for each in known.streams[EPISODE].events if each.envelope.agency == agency]
            wrong = next(each for each in reversed(said) if isinstance(each.fact, EpisodeDated))
            void = episode.VoidDating(agency=agency, at=at, event=wrong.envelope.event_id, note=known.notes[WRONG_DATE])
            return Asked(EPISODE, episode, void, at)
        case steps.Attach(name=name, contact=contact):
            kept = note.KeepNote(
                agency=agency, at=at, note=known.notes[name], is_file=True, contact=known.streams[contact].id
            )
            return Asked(name, note, kept, at)
        case steps.Claim(referral=word):
            return Asked(claim_of(agency, word), claim, _claim(step, known), at)
        case steps.HandOn():
            raise TypeError("it is of several streams at once")


def _claim(step: steps.Claim, known: Known) -> claim.ClaimWork:
    stream, county = known.streams[step.referral], known.county
    waits = next(row.waits_for for row in stream.rows if row.waits_on == step.agency)
    return claim.ClaimWork(
        agency=step.agency,
        at=step.at,
        person=county.actor(step.agency),
        work=stream.id,
        waits_for=waits or "",
        until=leaving.claimed_until(county, step.at),
    )


def typed_in(step: steps.AsideStep) -> tuple[str, str, str] | None:
    """What a step has in the vault: the journey's word for it, its kind and its text; of a paper, its name."""
    match step:
        case steps.Ask(name=name, text=text):
            return name, QUESTION, text
        case steps.Reply(name=name, text=text):
            return f"{name} answer", QUESTION, text
        case steps.VoidDate(reason=reason):
            return WRONG_DATE, "reason", reason
        case steps.Attach(name=name):
            return name, FILE, "practice-paper.pdf"
        case steps.Claim() | steps.HandOn():
            return None


def call_of(step: steps.AsideStep, names: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
    """Path and body of a step at the public API. KeyError where it relies on what the API did not give."""
    match step:
        case steps.Ask():
            return f"/v1/referrals/{names[step.referral]}/questions", {"text": step.text}
        case steps.Claim():
            return f"/v1/work/{names[step.referral]}/claim", {}
        case steps.Reply() | steps.VoidDate() | steps.Attach():
            raise KeyError("its handle stands on a page that was read, or it goes as a form")
        case steps.HandOn():
            raise KeyError("an administrator does it")
        case _:
            assert_never(step)
