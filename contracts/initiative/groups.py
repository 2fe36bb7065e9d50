"""Owns a working group: what it is for, its charter, its scorecard, and the questions that it asks."""

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from contracts.directory import Code, Model, Slug, Words
from contracts.initiative.text import Name, Text


class Question(Model):
    """What the group wants to know, in its members' words, and the measure of its scorecard that answers it.

    Without a measure it stands there as one that nothing answers yet.
    """

    ask: Text
    measure: Code | None = None


class Charter(Model):
    """What the group is for and what it decides; a draft until the group has adopted it, on a local date."""

    purpose: Text
    decides: tuple[Text, ...] = Field(min_length=1)
    adopted_on: date | None = None
    source: Words


class Aim(Model):
    """What the group wants a measure of its scorecard to come to: so many of every 100, by a local date.

    A draft until the group has adopted it, on a local date.
    """

    measure: Code
    percent: float = Field(gt=0, le=100)
    by: date | None = None
    adopted_on: date | None = None
    source: Words


class WorkingGroup(Model):
    """A group that reads aggregate measures; `measures` are the ids on its scorecard, in its order.

    `aims` are what it aims at, for the measures that have an aim. `view`: `plain` puts the group's questions first and
    each figure as a sentence.
    """

    slug: Slug
    name: Name
    about: Text
    status: Literal["meeting", "being formed"] = "meeting"
    source: Words | None = None
    view: Literal["figures", "plain"] = "figures"
    measures: tuple[Code, ...]
    charter: Charter | None = None
    questions: tuple[Question, ...] = ()
    aims: tuple[Aim, ...] = ()

    @model_validator(mode="after")
    def _asks_what_it_reads(self) -> Self:
        for asked in self.questions:
            if asked.measure is not None and asked.measure not in self.measures:
                raise ValueError(f"questions: {asked.measure} is not on the group's scorecard")
        aimed = [aim.measure for aim in self.aims]
        if wrong := next((measure for measure in aimed if measure not in self.measures), None):
            raise ValueError(f"aims: {wrong} is not on the group's scorecard")
        if len(set(aimed)) != len(aimed):
            raise ValueError("aims: a measure has one aim")
        if self.view == "plain" and not self.questions:
            raise ValueError("view: a plain view needs questions")
        return self
