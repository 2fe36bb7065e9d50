"""Journeys are taken out for an agency that there is, and matrices for an initiative that there is."""

from __future__ import annotations

import json

import pytest

from contracts.initiative import load_initiatives
from services.measures import explain
from services.measures.application.eventlog import UnknownAgency
from services.measures.application.looking import UnknownInitiative
from services.measures.domain.eventlog import COLUMNS
from tests.measures.application.test_compute import environ
from tests.measures.conftest import INITIATIVES, LARGE, NOW, County
from tests.measures.published import CLINIC


def test_an_agency_that_did_nothing_gets_an_empty_log_and_one_that_there_is_not_none(county: County) -> None:
    county.stage.read_all()
    there, agency = environ(county), load_initiatives(INITIATIVES)[LARGE].agencies[0].id
    assert list(explain.export_journeys(LARGE, agency, "csv", cutoff=NOW, environ=there)) == [",".join(COLUMNS)]
    [log] = explain.export_journeys(LARGE, agency, "ocel", cutoff=NOW, environ=there)
    assert json.loads(log) == {"objectTypes": [], "eventTypes": [], "objects": [], "events": []}
    with pytest.raises(UnknownAgency):
        list(explain.export_journeys(LARGE, CLINIC, "csv", environ=there))
    with pytest.raises(UnknownInitiative):
        list(explain.export_journeys("atlantis", agency, "csv", environ=there))


def test_the_matrix_between_types_has_what_the_directory_does_not_know_as_a_type_of_its_own(county: County) -> None:
    county.stage.read_all()
    there = environ(county)
    types = explain.handover_matrix(LARGE, cutoff=NOW, environ=there)
    agencies = explain.handover_matrix(LARGE, cutoff=NOW, between="agencies", environ=there)
    assert (types["all"], types["changes"]) == (agencies["all"], 0)
    assert types["handovers"] == [{"from": "not_in_directory", "to": "not_in_directory", "count": types["all"]}]
    assert 0 < int(str(agencies["changes"])) < int(str(agencies["all"]))
