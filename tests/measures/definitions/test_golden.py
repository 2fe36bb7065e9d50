"""Every definition against a short story whose figure was counted by hand; a story is one client's events in days."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contracts.vocabulary import Mode
from services.measures.definitions import CATALOGUE, EVERY, UnknownMeasure, find, in_force
from services.measures.domain.figure import Figure, Journeys, compute
from services.measures.domain.journey import Observed, fold
from services.measures.domain.measure import AsOf, Definition
from services.measures.domain.period import Period
from tests.measures import telling, telling_referrals
from tests.measures.published import START, Log, busy

STORIES = sorted(Path(__file__).parent.glob("*_v*.json"))
NUMBERS = ("numerator", "denominator", "missing", "pending", "excluded")


def moment(days_and_seconds: list[int]) -> datetime:
    days, seconds = days_and_seconds
    return START + timedelta(days=days, seconds=seconds)


def told(story: list[list[Any]]) -> Log:
    """The story as a log."""
    log, things = Log(), dict[str, UUID]()
    for row in story:
        client, what, name, when, *_ = row
        at = moment(when)
        match what:
            case "contact" | "attempt":
                log.contact(client, at, name, met=what == "contact")
            case "sent" | "informational":
                things[name] = log.sent(client, at, mode=Mode.DIRECT if what == "sent" else Mode.INFORMATIONAL)
            case "offered":
                things[name] = log.offered(client, at)
            case "accepted" | "declined" | "waitlisted" | "completed" | "acknowledged" | "handed_over":
                getattr(log, what)(client, things.setdefault(name, log.id()), at)
            case "withdrawn" | "stopped":
                getattr(log, what)(client, things[name], at)
            case _:
                known = telling.told(log, things, row) or telling_referrals.told(log, things, row)
                assert known, f"no such thing as {what}"
    return log


def journeys(log: Log, cutoff: datetime) -> Journeys:
    """What was known at the cutoff, client by client."""
    known: dict[str, list[Observed]] = {}
    for fact in log.facts:
        if fact.headers.recorded_time <= cutoff:
            known.setdefault(fact.headers.subject, []).append(fact.observed)
    return [(client, fold(events)) for client, events in known.items()]


def figure(definition: Definition, log: Log, cutoff: datetime, period: Period) -> Figure:
    return compute(definition, journeys(log, cutoff), period, AsOf(cutoff, UTC))


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_golden_figure(path: Path) -> None:
    golden = json.loads(path.read_text())
    definition, cutoff = find(golden["measure"]), moment(golden["cutoff"])
    assert definition.name == path.stem
    period = Period(*(moment([day, 0]) for day in golden["period"]))
    counted = figure(definition, told(golden["story"]), cutoff, period)
    found = asdict(counted)
    assert {name: found[name] for name in NUMBERS} == golden["expected"]
    assert (found["definition"], found["cutoff"]) == (path.stem, cutoff)
    beside = said_beside(counted)
    for name, values in golden.get("also", {}).items():
        assert {each: beside[name].get(each) for each in values} == pytest.approx(values)


def said_beside(counted: Figure) -> dict[str, dict[str, Any]]:
    """What a figure says beside its numbers: by rule, and of a mix, a course or a spread."""
    said: dict[str, dict[str, Any]] = {"rules": dict(counted.rules), "shares": dict(counted.shares or {})}
    if counted.course is not None:
        marks = counted.course.within.items()
        said |= {
            "course": asdict(counted.course),
            "within": {f"{mark:g}": share and share.value for mark, share in marks},
        }
    if counted.spread is not None:
        said |= {"spread": asdict(counted.spread), "bands": dict(counted.spread.bands)}
    return said


def test_every_definition_has_a_golden_figure() -> None:
    assert {path.stem for path in STORIES} == {definition.name for definition in CATALOGUE.values()}


@pytest.mark.parametrize("definition", CATALOGUE.values(), ids=lambda definition: definition.name)
def test_what_is_recorded_after_the_cutoff_changes_nothing(definition: Definition) -> None:
    log, cutoff = busy(20), START + timedelta(days=60)
    before = figure(definition, log, cutoff, Period())
    for client in ("aaa", "bbb"):
        telling.full_life(log, client)
        telling_referrals.life(log, client)
    kept = [fact for fact in log.facts if fact.headers.subject not in {"aaa", "bbb"}]
    later = Log()
    for fact in log.facts:
        recorded = None if fact in kept else cutoff + timedelta(seconds=1)
        who, at, agency = fact.headers.subject, fact.headers.time, fact.headers.agency
        later.add(fact.event, who, at, agency, recorded, restricted=fact.restricted)
    assert figure(definition, later, cutoff, Period()) == before
    after = asdict(figure(definition, later, cutoff + timedelta(seconds=1), Period()))
    assert {name: after[name] for name in NUMBERS} != {name: asdict(before)[name] for name in NUMBERS}


def test_a_measure_that_nobody_defined() -> None:
    for name, version in (
        ("happiness", None),
        ("response_rate", 9),
        ("response_rate_v9", None),
        ("response_rate_v1", 1),
    ):
        with pytest.raises(UnknownMeasure):
            find(name, version)


def test_a_new_version_is_in_force_and_leaves_the_old_one_as_it_was() -> None:
    first = find("response_rate", 1)
    second = replace(first, version=2)
    for every in ((first, second), (second, first)):
        assert in_force(every) == {"response_rate": second}
    assert in_force((first,)) == {"response_rate": first}
    assert len({each.name for each in EVERY}) == len(EVERY)
    assert all(find(each.id, each.version) is find(each.name) is each for each in EVERY)
