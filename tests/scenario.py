"""Given what happened, when somebody asks, then this follows: the three words in which the rules are tested."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

import pytest

from services.referrals.domain.fact import Fact, Happened
from services.referrals.domain.refusal import Refusal


class Asked(Protocol):
    """What every command carries: who asks, and when."""

    @property
    def agency(self) -> str: ...
    @property
    def at(self) -> datetime: ...


State = TypeVar("State")
Command = TypeVar("Command", bound=Asked)


@dataclass(frozen=True)
class Rules(Generic[State]):
    """The rules of one entity. `given` starts a scenario with its history, oldest first."""

    decide: Callable[[Any, State | None], Iterable[Fact]]
    fold: Callable[[Iterable[Happened]], State | None]

    def given(self, *history: Happened) -> "Given[State]":
        return Given(self, history)


@dataclass(frozen=True)
class Given(Generic[State]):
    """A history, to which something is asked."""

    rules: Rules[State]
    history: tuple[Happened, ...]

    def when(self, command: Asked) -> "When[State]":
        return When(self.rules, self.history, command)


@dataclass(frozen=True)
class When(Generic[State]):
    """A history and what is asked; each `then` says what must follow, in full."""

    rules: Rules[State]
    history: tuple[Happened, ...]
    command: Asked

    def then(self, *facts: Fact) -> State:
        """These facts and no others. Asked once more nothing follows (R12). Gives the state after them."""
        assert tuple(self.rules.decide(self.command, self.rules.fold(self.history))) == facts
        after = self.history + tuple(Happened(fact, self.command.at, self.command.agency) for fact in facts)
        state = self.rules.fold(after)
        assert state is not None
        assert tuple(self.rules.decide(self.command, state)) == ()
        return state

    def then_nothing(self) -> None:
        """It is so already: an outcome of its own, neither new nor refused (R12)."""
        assert tuple(self.rules.decide(self.command, self.rules.fold(self.history))) == ()

    def then_refused(self, refusal: type[Refusal], slug: str | None = None) -> Refusal:
        """Refused by exactly this rule, under exactly this name."""
        with pytest.raises(refusal) as raised:
            self.rules.decide(self.command, self.rules.fold(self.history))
        assert type(raised.value) is refusal
        assert raised.value.slug == (slug or refusal.SLUG)
        return raised.value
