"""`explain figure`: of an initiative, or of a release, never of both, and what each line says."""

from __future__ import annotations

from typing import Any

import pytest
from typer.testing import CliRunner

from deploy.closeknit import explain
from services.measures import explain as why
from services.measures.domain.suppression import HIDES
from services.measures.releases.ledger import UnknownRelease

ID = "77577f6a-8e41-5f18-a142-08c9292e47f8"
RULE = {"rule": "answered", "standing": "met", "words": "answered within 14 days", "units": 7}
COUNTS = {"numerator": 7, "denominator": 9, "missing": 0, "pending": 3, "excluded": 12}
FOUND: dict[str, Any] = {"title": "Answered", "definition": "response_rate_v1", "cutoff": "2026-11-27T00:00:00Z",
                         "kind": "proportion", "rules": [RULE], **COUNTS}  # fmt: skip


def said(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(explain.app, ["figure", "response_rate", *arguments])
    return done.exit_code, done.output


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--release", ID, "--initiative", "fresno-ptbi"),
        ("--release", ID, "--since", "2026-01-01"),
        ("--release", ID, "--version", "1"),
        ("--release", "not-an-id"),
    ],
)
def test_what_is_asked_in_two_ways_or_in_none_is_wrong_usage(arguments: tuple[str, ...]) -> None:
    assert said(*arguments)[0] == 2


def test_a_released_figure_says_what_is_shown_of_each_count(monkeypatch: pytest.MonkeyPatch) -> None:
    released = {**COUNTS, "numerator": None, "denominator": None, "pending": None}
    monkeypatch.setattr(
        "services.measures.explain.explain_released",
        lambda measure, release, environ: FOUND | {"released": released, "hides": list(HIDES)},
    )
    code, text = said("--release", ID)
    assert code == 0
    assert "       7  met       answered within 14 days  [answered]" in text
    assert "numerator: 7 (released: too few to show)" in text
    assert "missing: 0 (released: 0)" in text
    assert HIDES[0] in text


def test_a_release_that_is_not_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(measure: str, release: object, environ: object) -> dict[str, object]:
        raise UnknownRelease

    monkeypatch.setattr(why, "explain_released", refused)
    code, text = said("--release", ID)
    assert code == 2
    assert "there is no release of that id" in text


def test_a_count_of_clients_has_no_whole_to_be_released() -> None:
    found = FOUND | {"kind": "clients", "denominator": None, "released": {**COUNTS, "denominator": None}, "hides": []}
    assert "denominator: None" in list(explain._figure_lines(found))
