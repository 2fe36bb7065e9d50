"""Handovers are those that pm4py counted in event logs that nobody here wrote; types put agencies together."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from contracts.vocabulary import Measurement
from services.measures.definitions import find
from services.measures.domain.figure import Journeys, compute
from services.measures.domain.handover import handovers
from services.measures.domain.journey import Observed, fold
from services.measures.domain.measure import AsOf
from services.measures.domain.period import Period
from tests.measures.published import CLINIC, DOULAS, START, Log

DATA = Path(__file__).parents[4] / "shared" / "data" / "event-logs"
AS_OF = AsOf(datetime(2030, 1, 1, tzinfo=UTC), UTC)
DAY = timedelta(days=1)
XES = "{http://www.xes-standard.org/}"
needs_logs = pytest.mark.skipif(not DATA.is_dir(), reason="no ../shared/data/event-logs beside the repository")


def rows(log: str) -> Iterator[tuple[str, str, datetime]]:
    """Case, resource and time of each event, in the order of the file."""
    if log == "running-example":
        with (DATA / "running-example.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield row["case:concept:name"], row["org:resource"], datetime.fromisoformat(row["time:timestamp"])
        return
    with gzip.open(DATA / "receipt.xes.gz") as packed:
        root = ElementTree.parse(packed).getroot()  # noqa: S314 - a known file, read-only beside the repository
    for trace in root.iter(f"{XES}trace"):
        for event in trace.iter(f"{XES}event"):
            said = {str(each.attrib["key"]): str(each.attrib["value"]) for each in event}
            yield said_of(trace, "concept:name"), said["org:resource"], datetime.fromisoformat(said["time:timestamp"])


def said_of(element: ElementTree.Element, key: str) -> str:
    return next(str(child.attrib["value"]) for child in element if child.attrib.get("key") == key)


def known(log: Log) -> Journeys:
    events: dict[str, list[Observed]] = {}
    for fact in log.facts:
        events.setdefault(fact.headers.subject, []).append(fact.observed)
    return [(client, fold(of_her)) for client, of_her in events.items()]


def journeys(log: str) -> tuple[Journeys, dict[str, str]]:
    """The log's cases as clients, each event a contact by its resource; and the resource of each agency."""
    made, agencies = Log(), dict[str, str]()
    for case, resource, at in rows(log):
        made.contact(f"case-{case}".lower(), at, agencies.setdefault(resource, f"agency-{len(agencies)}"))
    return known(made), {agency: resource for resource, agency in agencies.items()}


@needs_logs
@pytest.mark.parametrize("log", ["running-example", "receipt"])
def test_the_matrix_is_what_pm4py_counted(log: str) -> None:
    expected: dict[str, Any] = json.loads((DATA / "EXPECTED.pm4py.json").read_text())[log]
    found, resources = journeys(log)
    matrix = handovers(found, Period(), AS_OF, resources.__getitem__)
    assert len(list(found)) == expected["cases"]
    assert (sum(matrix.values()), len(matrix)) == (expected["handover_total"], expected["handover_pairs"])
    assert {(one, other): matrix[one, other] for one, other, _ in expected["handover_top"]} == {
        (one, other): count for one, other, count in expected["handover_top"]
    }
    changes = sum(count for (one, other), count in matrix.items() if one != other)
    figure = compute(find("agency_changes"), found, Period(), AS_OF)
    assert (figure.numerator, figure.denominator) == (changes, sum(matrix.values()))
    assert changes == expected["handover_cross_total"]


@needs_logs
def test_between_types_is_the_matrix_between_agencies_put_together() -> None:
    found, resources = journeys("running-example")

    def kind(agency: str) -> str:
        return "clinic" if resources[agency] < "Pete" else "other"

    single: Counter[tuple[str, str]] = Counter()
    for (one, other), count in handovers(found, Period(), AS_OF).items():
        single[kind(one), kind(other)] += count
    assert handovers(found, Period(), AS_OF, kind) == single
    assert len(single) == 4


def test_who_is_not_counted_and_what_is_not_in_the_period_hands_over_nothing() -> None:
    log = Log()
    for client in ("her", "another"):
        for day, agency in enumerate((CLINIC, DOULAS, CLINIC)):
            log.contact(client, START + day * DAY, agency)
    log.consented("another", START, Measurement.NO)
    assert handovers(known(log), Period(), AS_OF) == {(CLINIC, DOULAS): 1, (DOULAS, CLINIC): 1}
    assert handovers(known(log), Period(START + 2 * DAY), AS_OF) == {(DOULAS, CLINIC): 1}
