"""Owns what an initiative has agreed and what is in print of it: agenda, targets, counts, programmes, principles.

Whatever is printed has its source; what nobody printed is left out, never filled in.
"""

from pydantic import Field

from contracts.directory import Code, Model, Slug, Words
from contracts.initiative.text import Name, Text
from contracts.vocabulary import Principle


class Backbone(Model):
    """The organisation that runs the initiative; its name is in its own language."""

    name: Name
    source: Words
    note: Text | None = None


class Count(Model):
    """How many people or organisations, and who printed the figure."""

    number: int = Field(gt=0)
    what: Text
    source: Words


class Fact(Model):
    """Something in print of the initiative that is no count: one or two sentences of ours, and where they come from."""

    text: Text
    source: Words


class Priority(Model):
    """A priority area of the common agenda, and the working groups that carry it."""

    slug: Slug
    title: Text
    text: Text | None = None
    source: Words
    groups: tuple[Slug, ...] = ()


class Baseline(Model):
    """A starting rate in per cent as somebody printed it; `percent_to` is the upper end where a range was printed.

    `by` and `group` name the population figures that it is compared with: a breakdown of measures and its row.
    `beside` says that it was printed to compare with: the target does not want it reduced. `whom` are words for the
    families whose births these are, where a heading names those of several baselines.
    """

    name: Slug
    percent: float = Field(gt=0, lt=100)
    percent_to: float | None = Field(default=None, gt=0, lt=100)
    population: Text
    whom: Text | None = None
    source: Words
    by: Code = "none"
    group: Code = "all"
    beside: bool = False


class Target(Model):
    """What the initiative wants by when; a target may have several printed baselines, and no one of them is dropped.

    `measure` is what population figures call it. It is followed over whole windows of `window_years`, of which one ends
    with `by_year`. Without percent and reduction it wants every birth.
    """

    statement: Text
    by_year: int
    percent: float | None = Field(default=None, gt=0, lt=100)
    reduction_percent: float | None = Field(default=None, gt=0, lt=100)
    source: Words
    measure: Code = "preterm_birth"
    window_years: int = Field(default=3, ge=1, le=10)
    baselines: tuple[Baseline, ...] = ()
    note: Text | None = None


class Figure(Model):
    """A number in print about a programme; `dollars` says that it is an amount of United States dollars."""

    value: float = Field(gt=0)
    dollars: bool = False
    what: Text
    source: Words


class Programme(Model):
    """Something that the initiative runs or supports. Text and figures: nobody applies or is paid here."""

    slug: Slug
    name: Name
    about: Text
    source: Words
    figures: tuple[Figure, ...] = ()


class PrincipleHere(Model):
    """One of the nine principles of practice; `here`: how this initiative keeps to it; `measures` that show it."""

    principle: Principle
    here: Text | None = None
    measures: tuple[Code, ...] = ()
