"""Owns how a test walks a machine: a way to each of its states, a command for each step, and who is which side."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from services.referrals.domain import appointment, check, consent, contact, episode, feedback, handoff, need, referral
from services.referrals.domain.fact import Happened
from services.referrals.domain.machines import AUTHOR, EITHER, NOBODY, Machine, Step, machines
from services.referrals.domain.refusal import Refusal
from tests.invented import (
    CLINIC,
    HANDOFF_COMMANDS,
    HANDOFF_WAY_TO,
    HUB,
    PANTRY,
    STRANGER,
    VISIT_COMMANDS,
    VISIT_WAY_TO,
    WAY_TO,
)
from tests.referrals.domain import test_check as questions
from tests.referrals.domain import test_consent_ends as consents
from tests.referrals.domain import test_contact as contacts
from tests.referrals.domain import test_episode_steps as episodes
from tests.referrals.domain import test_feedback as voices
from tests.referrals.domain import test_need as needs
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
        return step.by in {side, EITHER, NOBODY} and side in self.sides

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
        after = self.fold(
            (*history, *(Happened(fact, getattr(command, "at", questions.AT), command.agency) for fact in facts))
        )
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
                state.value: tuple(Happened(fact, questions.AT, CLINIC) for fact in facts)
                for state, facts in questions.WAY_TO.items()
            },
            {name: command for name, (command, _) in questions.TABLE.items()},
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
    }
