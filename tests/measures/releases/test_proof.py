"""Releases come out the same byte for byte when they are built again from the facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from services.measures.releases.build import Order, again, build
from tests.measures.conftest import NOW, County
from tests.measures.releases.test_build import LATER, initiative
from tests.prove.tally import Tally

PERIODS = ("2026", "2026-Q1", "2026-Q2", "2026-Q3")


@pytest.mark.proof
def test_a_release_is_reproduced_byte_for_byte(county: County, sized: Callable[[int, int], int]) -> None:
    county.stage.read_all()
    tally = Tally("release-reproduced")
    for number in range(sized(2, 100)):
        order = Order("ann", PERIODS[number % len(PERIODS)], NOW - timedelta(hours=7 * number))
        built = build(county.settings, initiative(), order, now=LATER)
        written, anew = again(county.settings, built.id)
        same = written.document_sha256 == anew.sha256 and anew.id == built.id
        tally.check(same, f"{built.name} is not what was written")
    tally.close()
