"""An operator's figure is exact, says what it rests on, and is asked for by name through the composition root."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from contracts import registry
from contracts.events.episode import EpisodeDatedV1
from contracts.initiative import load_initiatives
from contracts.vocabulary import DatingBasis
from services.measures import explain, main
from services.measures.application import population
from services.measures.application.compute import NotBrokenDown
from services.measures.application.looking import UnknownInitiative
from services.measures.definitions import CATALOGUE, UnknownMeasure, find
from services.measures.domain.measure import By
from services.measures.domain.period import Period
from services.measures.releases.build import Order
from tests.measures.conftest import INITIATIVES, LARGE, NOW, SMALL, County
from tests.measures.releases.test_build import OFTEN, counted
from tests.measures.store.test_restricted import configured


def environ(county: County) -> Mapping[str, str]:
    return {
        "CLOSEKNIT_ENVIRONMENT": "development",
        "CLOSEKNIT_MEASURES_DSN": county.settings.measures_dsn,
        "CLOSEKNIT_KAFKA": county.settings.kafka,
        "CLOSEKNIT_INITIATIVES": str(INITIATIVES),
        "CLOSEKNIT_LOG_LEVEL": "ERROR",
    }


@pytest.mark.parametrize("measure", OFTEN)
def test_the_figure_is_exact(county: County, measure: str) -> None:
    county.stage.read_all()
    zone = load_initiatives(INITIATIVES)[LARGE].timezone
    since, until = date(2026, 4, 1), date(2026, 10, 1)
    found = main.compute(measure, LARGE, since, until, cutoff=NOW, environ=environ(county))
    true = counted(county.large, measure, Period.of_dates(since, until, zone), NOW)
    assert (found["numerator"], found["denominator"]) == (true.numerator, true.denominator)
    assert (found["missing"], found["pending"], found["excluded"]) == (true.missing, true.pending, true.excluded)
    assert found["numerator"]
    assert {
        key: found[key] for key in ("measure", "initiative", "definition", "definition_version", "lag", "parked")
    } == {
        "measure": measure,
        "initiative": LARGE,
        "definition": f"{measure}_v1",
        "definition_version": 1,
        "lag": 0,
        "parked": 0,
    }
    assert (found["since"], found["until"], found["cutoff"]) == ("2026-04-01", "2026-10-01", "2027-12-12T08:00:00Z")


def test_small_numbers_are_not_hidden_from_an_operator(county: County) -> None:
    county.stage.read_all()
    found = main.compute("agency_changes", SMALL, cutoff=NOW, environ=environ(county))
    assert 0 < int(str(found["denominator"])) < 90


def test_restricted_facts_are_in_no_ordinary_figure(make_county: Callable[[], County]) -> None:
    """What stands on the restricted topic is kept and left out (rule R6)."""
    county = make_county()
    with psycopg.connect(county.stage.owner_dsn, autocommit=True) as connection:
        connection.execute("UPDATE v1.facts SET topic = 'care.restricted.v1' WHERE type = 'contact.recorded.v1'")
    found = main.compute("clients_reached", LARGE, cutoff=NOW, environ=environ(county))
    assert found["numerator"] == 0
    assert int(str(main.compute("response_rate", LARGE, cutoff=NOW, environ=environ(county))["numerator"])) > 0


def test_r6_a_sensitive_measure_is_not_there_where_the_topic_is_off(county: County, tmp_path: Path) -> None:
    county.stage.read_all()
    there = environ(county)
    off = {**there, "CLOSEKNIT_INITIATIVES": str(configured(tmp_path, is_on=False))}
    numbers = ("numerator", "denominator", "missing", "pending", "excluded")
    found = main.compute("preterm_birth", LARGE, cutoff=NOW, environ=off)
    assert (found["available"], [found[name] for name in numbers]) == (False, [None] * 5)
    on = main.compute("preterm_birth", LARGE, cutoff=NOW, environ=there)
    assert (on["available"], [type(on[name]) for name in numbers]) == (True, [int] * 5)
    assert (found["redated"], on["redated"]) == (None, 0)
    assert main.compute("clients_reached", LARGE, cutoff=NOW, environ=off)["available"]


def test_g17_clients_of_the_county_stand_beside_its_births_as_a_ratio(
    make_county: Callable[[], County], tmp_path: Path
) -> None:
    county = make_county()
    path = tmp_path / "births.csv"
    path.write_text(
        "measure,publisher,basis,weeks,by,group,period,numerator,denominator,printed,source,practice\n"
        "live_births,practice,,,none,all,2026,12000,,,Invented for practice,yes\n"
    )
    population.import_figures(county.settings, load_initiatives(INITIATIVES)[LARGE], path, 2027)
    asked = (LARGE, date(2026, 1, 1), date(2027, 1, 1))
    found = main.compute("reached_in_pregnancy", *asked, cutoff=NOW, environ=environ(county))
    assert (found["denominator"], found["ratios"]) == (
        None,
        [
            {"county": "fresno", "clients": 30, "beside": "live_births", "count": 12_000, "for_100": 0.25}
            | {"publisher": "practice", "sources": ["Invented for practice"], "practice": True}
        ],
    )
    part = main.compute("reached_in_pregnancy", LARGE, date(2026, 1, 1), date(2026, 7, 1), environ=environ(county))
    assert part["ratios"] == []
    assert "ratios" not in main.compute("clients_reached", *asked, cutoff=NOW, environ=environ(county))


def test_no_such_measure_or_initiative(county: County) -> None:
    with pytest.raises(UnknownMeasure):
        main.compute("happiness", LARGE, environ=environ(county))
    with pytest.raises(UnknownInitiative):
        main.compute("agency_changes", "atlantis", environ=environ(county))


def test_what_an_operator_may_ask_for(make_county: Callable[[], County]) -> None:
    county = make_county()
    county.stage.read_all()
    assert [measure["measure"] for measure in explain.list_measures()] == list(CATALOGUE)
    release = main.release_build(LARGE, Order("ann", "2026-Q2"), environ=environ(county))
    assert main.release_reproduce(release.id, environ=environ(county))[1].sha256 == release.document_sha256
    told: list[tuple[int, int]] = []
    result = main.rebuild(lambda done, of: told.append((done, of)), environ=environ(county))
    assert (result["schema"], result["differing"], result["parked"]) == ("v2", 0, 0)
    assert told[-1][0] == told[-1][1] == result["facts"]
    assert main.release_reproduce(release.id, environ=environ(county))[1].sha256 == release.document_sha256
    assert main.consumer_lag(environ(county)) == 0


def test_migrating_twice_changes_nothing(county: County) -> None:
    assert main.migrate(county.stage.owner_dsn, county.settings.measures_dsn) == []


@pytest.fixture(scope="module")
def written_over(make_county: Callable[[], County]) -> County:
    """A county of which tests change facts: one initiative each."""
    return make_county()


def test_a_due_date_said_otherwise_later_is_told_of_where_it_changed_a_class(written_over: County) -> None:
    """She was met on day 74 of her pregnancy by the first due date, on day 134 by the one that was said last."""
    asked, there = ("first_trimester_clinical", LARGE), environ(written_over)
    before = main.compute(*asked, cutoff=NOW, environ=there)
    subject, dated = next(
        (fact.headers.subject, fact.event)
        for fact in written_over.large.facts
        if isinstance(fact.event, EpisodeDatedV1) and fact.event.edd - fact.headers.time.date() > timedelta(days=200)
    )
    later = next(
        fact
        for fact in written_over.large.facts
        if fact.headers.subject == subject and fact.event.TYPE == "client.demographics_stated.v1"
    )
    again = dated.model_copy(update={"edd": dated.edd - timedelta(days=60), "basis": DatingBasis.ULTRASOUND})
    with psycopg.connect(written_over.stage.owner_dsn, autocommit=True) as connection:
        connection.execute(
            "UPDATE v1.facts SET type = 'episode.dated.v1', data = %s::json WHERE event_id = %s",
            [registry.encode(again).decode(), later.headers.id],
        )
    after = main.compute(*asked, cutoff=NOW, environ=there)
    assert (before["redated"], after["redated"]) == (0, 1)
    assert (before["denominator"], int(str(before["numerator"])) - 1) == (after["denominator"], after["numerator"])


def test_r21_r25_two_linked_pseudonyms_are_one_client_until_they_are_unlinked(written_over: County) -> None:
    county = written_over
    before = int(str(main.compute("clients_reached", SMALL, cutoff=NOW, environ=environ(county))["numerator"]))
    reached = sorted({fact.headers.subject for fact in county.small.facts if fact.event.TYPE == "contact.recorded.v1"})
    sent = next(fact for fact in county.small.facts if fact.headers.type == "referral.sent.v1")
    other = next(subject for subject in reached if subject != sent.headers.subject)
    assert sent.headers.subject in reached
    with psycopg.connect(county.stage.owner_dsn, autocommit=True) as connection:
        connection.execute(
            "UPDATE v1.facts SET type = 'client.linked.v1', data = jsonb_build_object('other', %s::text)"
            " WHERE event_id = %s",
            [other, sent.headers.id],
        )
    asked = ("clients_reached", SMALL)
    assert main.compute(*asked, cutoff=NOW, environ=environ(county))["numerator"] == before - 1
    undone = next(
        fact
        for fact in reversed(county.small.facts)
        if fact.headers.type.startswith("handoff.") and fact.headers.agency == sent.headers.agency
    )
    with psycopg.connect(county.stage.owner_dsn, autocommit=True) as connection:
        connection.execute(
            "UPDATE v1.facts SET type = 'client.unlinked.v1', subject = %s,"
            " data = jsonb_build_object('other', %s::text) WHERE event_id = %s",
            [sent.headers.subject, other, undone.headers.id],
        )
    assert main.compute(*asked, cutoff=NOW, environ=environ(county))["numerator"] == before, "they are two again"


def test_every_unit_of_a_figure_is_under_one_rule(county: County) -> None:
    county.stage.read_all()
    found = explain.explain_figure("response_rate", LARGE, cutoff=NOW, environ=environ(county))
    rules = {str(rule["rule"]): (str(rule["standing"]), int(rule["units"])) for rule in _list(found["rules"])}
    assert set(rules) == {"answered", "late", "silent", "too_recent", "taken_back", "informational", "not_counted"}
    for standing, name in (("met", "numerator"), ("pending", "pending"), ("excluded", "excluded")):
        assert sum(units for each, units in rules.values() if each == standing) == found[name]
    assert rules["late"][1] > 0


def test_a_breakdown_of_an_exact_figure(county: County) -> None:
    county.stage.read_all()
    found = main.compute("response_rate", LARGE, cutoff=NOW, by=By.CATEGORY, environ=environ(county))
    rows = {str(row["row"]): int(row["numerator"]) for row in _list(found["rows"])}
    assert sum(rows.values()) == found["numerator"]
    assert len(rows) == 4
    with pytest.raises(NotBrokenDown):
        main.compute("agency_changes", LARGE, cutoff=NOW, by=By.CATEGORY, environ=environ(county))


def test_two_definitions_over_the_same_facts(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    county.stage.read_all()
    second = replace(find("connected_rate"), id="response_rate", version=2)
    monkeypatch.setattr(explain, "find", lambda name: second if name == second.name else find(name))
    found = explain.compare_measures(second.name, "response_rate_v1", LARGE, cutoff=NOW, environ=environ(county))
    moves = _list(found["moved"])
    assert [move["units"] for move in moves] == sorted((move["units"] for move in moves), reverse=True)
    listed = moves[0]["listed"]
    assert len(listed) == 20
    assert {event["type"] for unit in listed for event in unit["events"]} >= {"referral.sent.v1"}


def test_a_version_that_is_not_there(county: County) -> None:
    assert explain.show_measure("response_rate", 1)["in_force"] is True
    with pytest.raises(UnknownMeasure):
        main.compute("response_rate", LARGE, version=9, environ=environ(county))


def _list(value: object) -> list[dict[str, Any]]:
    assert isinstance(value, list)
    return value
