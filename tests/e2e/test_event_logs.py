"""The main job on real input: event logs that nobody here wrote go in, and the figure that pm4py computed comes out."""

import csv
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.fix_line import OF_THE_LOGS, Line, RunningSystem

DATA = Path(__file__).parents[3] / "shared" / "data" / "event-logs"
pytestmark = [
    pytest.mark.skipif(not DATA.is_dir(), reason="no ../shared/data/event-logs beside the repository"),
    pytest.mark.timeout(600),
    pytest.mark.slow,
]
XES = "{http://www.xes-standard.org/}"
COLUMNS = ("case:concept:name", "org:resource", "time:timestamp", "concept:name")
MAPPING = [text for pair in zip(("--client", "--agency", "--at", "--activity"), COLUMNS, strict=True) for text in pair]


@pytest.fixture(scope="module")
def expected() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads((DATA / "EXPECTED.pm4py.json").read_text())
    return found


@pytest.fixture(scope="module")
def receipt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The receipt log as CSV: one line an event, in the order of the file."""
    path = tmp_path_factory.mktemp("logs") / "receipt.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(xes_events(DATA / "receipt.xes.gz"))
    return path


def xes_events(path: Path) -> Iterator[tuple[str, str, str, str]]:
    with gzip.open(path) as file:
        log = ElementTree.parse(file).getroot()  # noqa: S314 - a known file, read-only beside the repository
    for trace in log.iter(f"{XES}trace"):
        case = attribute(trace, "concept:name")
        for event in trace.iter(f"{XES}event"):
            yield case, attribute(event, COLUMNS[1]), attribute(event, COLUMNS[2]), attribute(event, COLUMNS[3])


def attribute(element: ElementTree.Element, key: str) -> str:
    return next(child.attrib["value"] for child in element if child.attrib.get("key") == key)


def bring_in(system: RunningSystem, log: Path, initiative: str) -> dict[str, Any]:
    found: dict[str, Any] = system.json("import", "contacts", str(log), "--initiative", initiative, *MAPPING)
    return found


def figure(line: Line, measure: str, initiative: str) -> tuple[int, int]:
    """By the command in this process: one a figure would take a second each to begin."""
    found = json.loads(line.command("measures", "compute", measure, "--initiative", initiative, "--json").stdout)
    assert (found["lag"], found["parked"]) == (0, 0)
    return found["numerator"], found["denominator"]


@pytest.mark.parametrize(
    ("log", "initiative", "clients"),
    [("running-example", OF_THE_LOGS[0], 6), ("receipt", OF_THE_LOGS[1], 1434)],
)
def test_the_measure_equals_what_an_independent_tool_computed(
    line: Line,
    expected: dict[str, dict[str, Any]],
    request: pytest.FixtureRequest,
    *,
    log: str,
    initiative: str,
    clients: int,
) -> None:
    known, system = expected[log], line.system
    changes = (known["handover_cross_total"], known["handover_total"])
    path = DATA / "running-example.csv" if log == "running-example" else request.getfixturevalue("receipt")
    first = bring_in(system, path, initiative)
    assert (first["contacts"], first["clients"], first["refused"]) == (known["events"], known["cases"], 0)
    assert first["agencies_not_in_directory"] == known["resources"]
    assert first["published"]
    assert figure(line, "agency_changes", initiative) == changes
    assert figure(line, "clients_reached", initiative)[0] == clients == known["cases"]
    matrix = system.json("measures", "handovers", "--initiative", initiative, "--agencies")
    assert (matrix["changes"], matrix["all"], len(matrix["handovers"])) == (*changes, known["handover_pairs"])
    most = [count for _, _, count in known["handover_top"]]
    assert [row["count"] for row in matrix["handovers"]][: len(most)] == most

    again = bring_in(system, path, initiative)
    assert (again["contacts"], again["clients"], again["there_already"]) == (0, 0, known["events"])
    assert figure(line, "agency_changes", initiative) == changes

    system.run("rebuild", "measures")
    assert figure(line, "agency_changes", initiative) == changes
    assert figure(line, "clients_reached", initiative)[0] == clients


def test_the_expected_figures_are_those_of_the_issue(expected: dict[str, dict[str, Any]]) -> None:
    """So that another file in their place is noticed."""
    logs = {log: each for log, each in expected.items() if log[0] != "_"}
    found = {log: (each["handover_cross_total"], each["handover_total"]) for log, each in logs.items()}
    assert found == {"running-example": (32, 36), "receipt": (1208, 7143)}
