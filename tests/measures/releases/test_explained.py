"""A figure of a release, explained: the rules of the version, facts and time that it was built from."""

from __future__ import annotations

from uuid import uuid4

import pytest

from services.measures import explain
from services.measures.api.explanation import standings_of
from services.measures.definitions import UnknownMeasure
from services.measures.domain.measure import Kind, Standing
from services.measures.domain.row import Shown
from services.measures.domain.suppression import HIDES
from services.measures.releases.ledger import UnknownRelease
from tests.measures.application.test_compute import environ
from tests.measures.conftest import County
from tests.measures.releases.test_build import OFTEN, YEAR, built

pytestmark = pytest.mark.servers


def test_what_a_release_shows_is_explained_by_the_rules_of_its_own_time(county: County) -> None:
    release = built(county)
    shown = 0
    for measure in OFTEN:
        found = explain.explain_released(measure, release.id, environ=environ(county))
        released, rules = found["released"], found["rules"]
        assert isinstance(released, dict)
        assert isinstance(rules, list)
        for name, value in released.items():
            assert value in {None, found[name]}, (measure, name)
            shown += value is not None
        for standing, name in (("pending", "pending"), ("missing", "missing"), ("excluded", "excluded")):
            assert sum(rule["units"] for rule in rules if rule["standing"] == standing) == found[name]
        assert found["hides"] == list(HIDES)
        assert (found["period"], found["cutoff"]) == (YEAR, release.cutoff.isoformat().replace("+00:00", "Z"))
    assert shown > len(OFTEN)


def test_what_the_release_does_not_have_is_not_explained(county: County) -> None:
    release = built(county)
    with pytest.raises(UnknownMeasure):
        explain.explain_released("no_such_measure", release.id, environ=environ(county))
    with pytest.raises(UnknownRelease):
        explain.explain_released("response_rate", uuid4(), environ=environ(county))


def test_counts_follow_from_what_is_shown_alone() -> None:
    total = Shown(30, 80, 0, None, 12)
    apart = {Standing.PENDING: None, Standing.MISSING: 0, Standing.EXCLUDED: 12}
    assert standings_of(Kind.PROPORTION, total) == {Standing.MET: 30, Standing.UNMET: 50, **apart}
    assert standings_of(Kind.CLIENTS, Shown(30, None, 0, None, 12)) == {Standing.MET: 30, **apart}
    assert standings_of(Kind.RATE, total) == apart
    hidden = standings_of(Kind.MIX, Shown(None, None, 0, None, 12))
    assert hidden == {Standing.MET: None, Standing.UNMET: None, **apart}
