"""What an operator reads on a terminal: a figure, why it is so, and what another version counts otherwise."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from deploy.closeknit.main import app
from services.measures import explain
from services.measures.definitions import find
from tests.measures.application.test_compute import environ
from tests.measures.conftest import LARGE, County

CUTOFF = ("--initiative", LARGE, "--cutoff", "2026-11-01T00:00:00Z")


def said(*words: str) -> list[str]:
    """The lines that a command prints."""
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output.splitlines()


@pytest.fixture(autouse=True)
def surroundings(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    county.stage.read_all()
    for name, value in environ(county).items():
        monkeypatch.setenv(name, value)


def test_a_figure_with_its_rows() -> None:
    lines = said("measures", "compute", "response_rate", *CUTOFF, "--by", "category")
    numerator, _, denominator = lines[0].partition(" of ")
    rows = [line.split(": ")[1].split(" of ") for line in lines[9:]]
    assert [sum(int(row[part]) for row in rows) for part in (0, 1)] == [int(numerator), int(denominator)]
    assert "  definition: response_rate_v1" in lines
    assert re.fullmatch(r"  agencies: \d+ of \d+ reported, \d+ not on the system", lines[8])


@pytest.mark.parametrize(
    ("time", "said"),
    [
        (("--until", "2020-01-01"), r"that time was over before the data begin, on 20\d\d-\d\d-\d\d"),
        (("--since", "2027-01-01", "--until", "2027-02-01"), "that time begins after what is known, up to 2026-10-31"),
    ],
)
@pytest.mark.parametrize("command", [("measures", "compute"), ("explain", "figure")])
def test_a_time_of_which_nothing_is_known_is_refused(
    command: tuple[str, str], time: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    done = CliRunner().invoke(app, [*command, "response_rate", *CUTOFF, *time])
    assert done.exit_code == 2
    assert re.search(said, done.output)


def test_no_one_to_count_is_said_so() -> None:
    lines = said("measures", "compute", "depression_follow_up", *CUTOFF, "--since", "2026-10-30")
    assert lines[0] == "no one to count"


def test_how_many_are_pending_and_until_when() -> None:
    time = ("--since", "2026-10-01", "--until", "2026-11-01")
    [line] = [each for each in said("measures", "compute", "closed_loop_rate", *CUTOFF, *time) if "pending" in each]
    assert re.fullmatch(r"  pending: [1-9]\d*, none from 2027-01-30 on", line)
    old = said("measures", "compute", "closed_loop_rate", *CUTOFF, "--until", "2026-01-01")
    assert "  pending: 0" in old


def test_why_a_figure_is_so() -> None:
    lines = said("explain", "figure", "closed_loop_rate", *CUTOFF)
    assert lines[0].startswith("Loop closed within 90 days, closed_loop_rate_v1, as known at 2026-11-01T00:00:00Z")
    by_rule = {line.split("[")[1].rstrip("]"): int(line.split()[0]) for line in lines[1:-5]}
    numbers = dict(line.split(": ") for line in lines[-5:])
    assert by_rule["closed"] == int(numbers["numerator"])
    assert by_rule["not_told"] + by_rule["open"] == int(numbers["denominator"]) - int(numbers["numerator"])
    assert by_rule["too_recent"] == int(numbers["pending"])


def test_what_another_definition_counts_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    second = replace(find("connected_rate"), id="response_rate", version=2)
    monkeypatch.setattr(explain, "find", lambda name: second if name == second.name else find(name))
    lines = said("measures", "compare", "response_rate_v2", "response_rate_v1", *CUTOFF)
    assert [line.split(":")[0] for line in lines[:2]] == ["response_rate_v2", "response_rate_v1"]
    assert any(line.endswith("(not served) to met (answered within 14 days)") for line in lines)
    assert any("referral.accepted.v1" in line for line in lines)
    found = json.loads("\n".join(said("measures", "compare", "response_rate", "response_rate_v1", *CUTOFF, "--json")))
    assert found["moved"] == []
    assert said("measures", "compare", "response_rate", "response_rate_v1", *CUTOFF)[-1] == "no unit moved"


def test_two_measures_are_no_two_versions_of_one() -> None:
    done = CliRunner().invoke(app, ["measures", "compare", "connected_rate_v1", "response_rate_v1", *CUTOFF])
    assert done.exit_code == 2
    assert "these are two measures" in done.output


def test_versions_are_listed_and_shown() -> None:
    listed = said("measures", "list", "--every-version")
    assert any(line.split()[:2] == ["response_rate", "v1"] for line in listed)
    assert said("measures", "show", "response_rate", "--version", "1") == said("measures", "show", "response_rate_v1")


def test_a_draft_says_what_is_withheld_and_until_when() -> None:
    lines = said("release", "build", *CUTOFF, "--period", "2026-Q3")
    listed = [re.fullmatch(r"  (\w+): from (\d{4}-\d\d-\d\d) on", line) for line in lines[2:]]
    days = {found[1]: found[2] for found in listed if found}
    assert len(days) == len(listed) > 1
    assert lines[1] == f"  {len(days)} measures are withheld; with all of them from {max(days.values())} on:"
    assert days["closed_loop_rate"] == "2026-12-30"
    assert "response_rate" not in days
