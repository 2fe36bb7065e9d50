"""Journeys are taken out for an agency that there is, and matrices for an initiative that there is."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from contracts.initiative import load_initiatives
from services.measures import explain
from services.measures.application.eventlog import UnknownAgency
from services.measures.application.handovers import NOT_LISTED
from services.measures.application.looking import UnknownInitiative
from services.measures.domain.eventlog import COLUMNS
from tests.measures.application.test_compute import environ
from tests.measures.conftest import INITIATIVES, LARGE, NOW, County


def test_an_agency_gets_its_own_events_and_one_that_there_is_not_none(county: County) -> None:
    there = environ(county)
    listed = [agency.id for agency in load_initiatives(INITIATIVES)[LARGE].agencies]
    agency = next(each for each in listed if any(fact.headers.agency == each for fact in county.large.facts))
    header, *rows = explain.export_journeys(LARGE, agency, "csv", cutoff=NOW, environ=there)
    assert header == ",".join(COLUMNS)
    assert {row.split(",")[3] for row in rows if ",contact." in row} == {agency}
    [log] = explain.export_journeys(LARGE, agency, "ocel", cutoff=NOW, environ=there)
    assert len(json.loads(log)["events"]) == len(rows) > 0
    with pytest.raises(UnknownAgency):
        list(explain.export_journeys(LARGE, "nobody-heard-of-it", "csv", environ=there))
    with pytest.raises(UnknownInitiative):
        list(explain.export_journeys("atlantis", agency, "csv", environ=there))


def test_the_matrix_between_types_has_what_the_directory_does_not_know_as_a_type_of_its_own(county: County) -> None:
    there, listed = environ(county), load_initiatives(INITIATIVES)[LARGE].agencies
    types = explain.handover_matrix(LARGE, cutoff=NOW, environ=there)
    agencies = explain.handover_matrix(LARGE, cutoff=NOW, between="agencies", environ=there)
    named = {agency.id: agency.type for agency in listed}
    put_together: Counter[tuple[str, str]] = Counter()
    for row in rows_of(agencies):
        one, other = (named.get(row[side], NOT_LISTED) for side in ("from", "to"))
        put_together[one, other] += row["count"]
    assert {(row["from"], row["to"]): row["count"] for row in rows_of(types)} == put_together
    assert types["all"] == agencies["all"] == put_together.total()


def rows_of(matrix: dict[str, object]) -> list[dict[str, Any]]:
    found = matrix["handovers"]
    assert isinstance(found, list)
    return found
