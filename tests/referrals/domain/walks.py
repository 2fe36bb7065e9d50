"""Owns how a test walks a machine: a way to each of its states, a command for each step, and who is which side."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from services.referrals.domain import (
    appointment,
    check,
    client,
    consent,
    contact,
    episode,
    feedback,
    handoff,
    need,
    question,
    question_machine,
    referral,
    screening,
    screening_machine,
)
from services.referrals.domain.client import machine as client_machine
from services.referrals.domain.directory import agency
from services.referrals.domain.fact import Happened
from services.referrals.domain.machines import AUTHOR, EITHER, KNOWS_HER, NOBODY, OFFICE, Machine, Step, machines
from services.referrals.domain.refusal import Refusal
from services.referrals.domain.vocabulary import Standing
from tests.invented import (
    CLIENT,
    CLINIC,
    EPISODE,
    HANDOFF_COMMANDS,
    HANDOFF_WAY_TO,
    HUB,
    NOTE,
    PANTRY,
    STRANGER,
    VISIT_COMMANDS,
    VISIT_WAY_TO,
    WAY_TO,
)
from tests.referrals.domain import test_check as checks
from tests.referrals.domain import test_client as clients
from tests.referrals.domain import test_consent_ends as consents
from tests.referrals.domain import test_contact as contacts
from tests.referrals.domain import test_directory_entries as entries
from tests.referrals.domain import test_episode_steps as episodes
from tests.referrals.domain import test_feedback as voices
from tests.referrals.domain import test_need as needs
from tests.referrals.domain import test_screening as screenings
from tests.referrals.domain.test_referral_sides import TestSides

Command: TypeAlias = Any
State: TypeAlias = Any
SENDER, RECEIVER = "sender", "receiver"


@dataclass(frozen=True)
class Rules:
    """What is needed to walk one machine. `status` reads where a state stands; `sides` are its agencies by name."""

    machine: Machine
    decide: Callable[[Command, State], tuple[Any, ...]]
    fold: Callable[..., State]
    status: Callable[[State], str]
    ways: Mapping[str, tuple[Happened, ...]]
    commands: Mapping[str, Command]
    sides: Mapping[str, str]

    def agency(self, side: str) -> str:
        return self.sides.get(side, STRANGER)

    def takes(self, step: Step, side: str) -> bool:
        """Whether this side may take a step."""
        return step.by in {side, EITHER, NOBODY, OFFICE, KNOWS_HER} and side in self.sides

    def comes_to(self, state: str, verb: str, side: str) -> tuple[str, str | None]:
        """What comes of a step: `moved`, `the same again` or `refused`, and where it stands then."""
        history = self.ways[state]
        before = self.fold(history)
        command = self.commands[verb]
        if hasattr(command, "agency") and self.agency(side) != command.agency:
            command = replace(command, agency=self.agency(side))
        try:
            facts = self.decide(command, before)
        except Refusal:
            return "refused", state
        if not facts:
            return "the same again", self.status(before)
        by = getattr(command, "agency", self.agency(side))
        after = self.fold((*history, *(Happened(fact, getattr(command, "at", checks.AT), by) for fact in facts)))
        again = self.decide(command, after)
        return "moved" if not again else "moved, and again", self.status(after)


def _histories(decide: Any, fold: Any, ways: Mapping[Any, tuple[Any, ...]]) -> dict[str, tuple[Happened, ...]]:
    told: dict[str, tuple[Happened, ...]] = {}
    for state, commands in ways.items():
        history: tuple[Happened, ...] = ()
        for command in commands:
            facts = decide(command, fold(history))
            history += tuple(Happened(fact, command.at, command.agency) for fact in facts)
        told[str(state.value)] = history
    return told


def _named(commands: Mapping[Any, Command]) -> dict[str, Command]:
    return {str(verb.value): command for verb, command in commands.items()}


def _status(state: State) -> str:
    return str(state.status.value)


def _voice(state: State) -> str:
    return str(feedback.status_of(state).value)


def all_rules() -> dict[str, Rules]:
    """Every machine with what walks it, by its name."""
    known = {machine.name: machine for machine in machines()}
    two = {SENDER: CLINIC, RECEIVER: PANTRY}
    asked = {"not_asked": (), "asked": (voices.ask(),), "answered": (voices.ask(), voices.answer())}
    heard = {
        state: tuple(
            Happened(fact, command.at, command.agency)
            for number, command in enumerate(commands)
            for fact in feedback.decide(command, voices.standing(list(feedback.FeedbackStatus)[number]))
        )
        for state, commands in asked.items()
    }
    return {
        "referral": Rules(
            known["referral"],
            referral.decide,
            referral.fold,
            _status,
            _histories(referral.decide, referral.fold, WAY_TO),
            _named(TestSides.COMMANDS),
            two,
        ),
        "appointment": Rules(
            known["appointment"],
            appointment.decide,
            appointment.fold,
            _status,
            _histories(appointment.decide, appointment.fold, VISIT_WAY_TO),
            _named(VISIT_COMMANDS),
            two,
        ),
        "handoff": Rules(
            known["handoff"],
            handoff.decide,
            handoff.fold,
            _status,
            _histories(handoff.decide, handoff.fold, HANDOFF_WAY_TO),
            _named(HANDOFF_COMMANDS),
            {SENDER: CLINIC, RECEIVER: HUB},
        ),
        "episode": Rules(
            known["episode"],
            episode.decide,
            episode.fold,
            lambda state: str(state.own[CLINIC].status.value),
            {state.value: episodes.history(*commands) for state, commands in episodes.WAY_TO.items()},
            _named(episodes.COMMANDS),
            {AUTHOR: CLINIC},
        ),
        "consent": Rules(
            known["consent"],
            consent.decide,
            consent.fold,
            _status,
            {state.value: consents.history(*commands) for state, commands in consents.WAY_TO.items()},
            _named(consents.COMMANDS),
            {AUTHOR: CLINIC},
        ),
        "contact": Rules(
            known["contact"],
            contact.decide,
            contact.fold,
            _status,
            contacts.HISTORIES,
            _named(contacts.COMMANDS),
            {AUTHOR: PANTRY},
        ),
        "need": Rules(
            known["need"],
            need.decide,
            need.fold,
            _status,
            {state.value: needs.history(*commands) for state, commands in needs.STANDING.items()},
            _named(needs.COMMANDS),
            {AUTHOR: CLINIC},
        ),
        "check": Rules(
            known["check"],
            check.decide,
            check.fold,
            _status,
            {
                state.value: tuple(Happened(fact, checks.AT, CLINIC) for fact in facts)
                for state, facts in checks.WAY_TO.items()
            },
            {name: command for name, (command, _) in checks.TABLE.items()},
            two,
        ),
        "feedback": Rules(
            known["feedback"],
            feedback.decide,
            feedback.fold,
            _voice,
            heard,
            {"ask": voices.ask(), "answer": voices.answer()},
            {SENDER: CLINIC, RECEIVER: PANTRY},
        ),
        **_those_of_few_steps(known),
    }


def _those_of_few_steps(known: Mapping[str, Machine]) -> dict[str, Rules]:
    ask = question.AskQuestion(agency=CLINIC, at=checks.AT, to_agency=PANTRY, text=NOTE, referral=CLIENT)
    reply = question.AnswerQuestion(agency=PANTRY, at=checks.AT, text=EPISODE)
    asked = tuple(Happened(fact, ask.at, CLINIC) for fact in question.decide(ask, None))
    answered = tuple(Happened(fact, reply.at, PANTRY) for fact in question.decide(reply, question.fold(asked)))
    outreach: dict[str, tuple[client.ClientCommand, ...]] = {
        "open": (),
        "paused": (clients.PAUSE,),
        "stopped": (clients.STOP,),
    }
    return {
        "screening": Rules(
            known["screening"],
            screening.decide,
            screening.fold,
            lambda state: screening_machine.status_of(state).value,
            {
                "recorded": screenings.history(*screenings.WAY_TO["recorded"]),
                "entered_in_error": screenings.history(*screenings.WAY_TO["in error"]),
            },
            {"entered-in-error": screenings.VOID},
            {AUTHOR: CLINIC},
        ),
        "question": Rules(
            known["question"],
            question.decide,
            question.fold,
            lambda state: question_machine.status_of(state).value,
            {"asked": asked, "answered": (*asked, *answered)},
            {"answer": reply},
            {SENDER: CLINIC, RECEIVER: PANTRY},
        ),
        "client": Rules(
            known["client"],
            client.decide,
            client.fold,
            lambda state: client_machine.status_of(state, CLINIC).value,
            {state: clients.history(clients.REGISTER, *commands) for state, commands in outreach.items()},
            {
                "pause": clients.PAUSE,
                "resume": clients.RESUME,
                "no-contact": clients.STOP,
                "contact-again": clients.CORRECT,
            },
            {"agency": CLINIC},
        ),
        "agency": Rules(
            known["agency"],
            agency.decide,
            agency.fold,
            lambda state: state.stated.standing.value,
            {
                standing.value: (Happened(entries.an_agency(standing).stated, entries.AT, CLINIC),)
                for standing in Standing
            },
            {verb.value: agency.ChangeStanding(verb=verb) for verb in agency.AgencyVerb},
            {"office": CLINIC},
        ),
    }
