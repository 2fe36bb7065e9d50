"""The exports are OCEL 2.0 and CSV as process mining reads them: by the schema, and by what pm4py read in them."""

from __future__ import annotations

import copy
import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from services.measures.domain.eventlog import ocel
from tests.measures.domain.export.write import HERE, exports
from tests.measures.domain.test_eventlog import seen
from tests.measures.lives import AGENCIES, world

OCEL20 = Draft202012Validator(json.loads((HERE / "ocel20.schema.json").read_text()))
EXPECTED: dict[str, Any] = json.loads((HERE / "EXPECTED.pm4py.json").read_text())


def followed(events: Iterable[tuple[str, str, str]]) -> dict[str, int]:
    """How often one activity directly follows another, of rows (case, time, activity) that are in order in a case."""
    cases = groupby(sorted(events, key=itemgetter(0, 1)), key=itemgetter(0))
    found = Counter(
        f"{one} -> {other}" for _, rows in cases for (*_, one), (*_, other) in pairwise(rows)
    )  # the sort is stable: what happened at one time stays as it was written
    return dict(found)


def test_the_files_that_pm4py_read_are_what_is_exported_today() -> None:
    for name, text in exports().items():
        assert (HERE / name).read_text(encoding="utf-8") == text, "python -m tests.measures.domain.export.write"


def test_an_ocel_has_what_pm4py_read_in_it() -> None:
    log = json.loads(exports()["clinic.ocel.json"])
    kinds = {each["id"]: each["type"] for each in log["objects"]}
    related = [each for event in log["events"] for each in event["relationships"]]
    clients = [
        (each["objectId"], event["time"], event["type"])
        for event in log["events"]
        for each in event["relationships"]
        if kinds[each["objectId"]] == "client"
    ]
    assert len(log["events"]) == EXPECTED["events"]
    assert Counter(kinds.values()) == EXPECTED["objects"]
    assert Counter(event["type"] for event in log["events"]) == EXPECTED["activities"]
    assert Counter(each["qualifier"] for each in related) == EXPECTED["relations"]
    assert followed(clients) == EXPECTED["of_clients"]


def test_a_csv_has_what_pm4py_read_in_it() -> None:
    found = list(csv.DictReader(io.StringIO(exports()["clinic.csv"])))
    rows = [(each["case:concept:name"], each["time:timestamp"], each["concept:name"]) for each in found]
    assert followed(rows) == EXPECTED["of_the_csv"] == EXPECTED["of_clients"]
    assert Counter(each["org:resource"] for each in found) == EXPECTED["resources"]


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happened_it_is_ocel_2(seed: int) -> None:
    for agency in AGENCIES:
        OCEL20.validate(ocel(seen(world(seed), agency)))


def _no_objects(log: dict[str, Any]) -> None:
    del log["objects"]


def _a_local_time(log: dict[str, Any]) -> None:
    log["events"][0]["time"] = "2026-01-01T08:00:00"


def _no_name_of_a_relation(log: dict[str, Any]) -> None:
    del log["events"][0]["relationships"][0]["qualifier"]


def _an_odd_type(log: dict[str, Any]) -> None:
    log["eventTypes"][0]["attributes"] = [{"name": "n", "type": "int"}]


def _a_list_as_value(log: dict[str, Any]) -> None:
    log["events"][0]["attributes"] = [{"name": "n", "value": ["a"]}]


@pytest.mark.parametrize("spoil", [_no_objects, _a_local_time, _no_name_of_a_relation, _an_odd_type, _a_list_as_value])
def test_what_is_no_ocel_2_is_seen(spoil: Callable[[dict[str, Any]], None]) -> None:
    log = copy.deepcopy(json.loads(exports()["clinic.ocel.json"]))
    OCEL20.validate(log)
    spoil(log)
    with pytest.raises(ValidationError):
        OCEL20.validate(log)
