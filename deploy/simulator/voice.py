"""Owns what made-up clients are asked about a referral that has ended, and what they say."""

from collections.abc import Iterator
from datetime import datetime
from random import Random

from deploy.simulator import steps
from deploy.simulator.county import County
from deploy.simulator.mix import SAID, pick

SHARE = {"asked": 0.7, "answered": 0.7, "rather_not": 0.1}


def voice(county: County, chance: Random, agency: str, name: str, ended: datetime) -> Iterator[steps.AnyStep]:
    """The receiver asks some how it was, after the referral of that name ended (UTC); some answer."""
    if chance.random() > SHARE["asked"]:
        return
    asked = county.hours.later(chance, ended, 4.0)
    yield steps.AskHer(at=asked, agency=agency, name=name)
    if chance.random() < SHARE["answered"]:
        rather_not = chance.random() < SHARE["rather_not"]
        said = [None if rather_not else pick(SAID, chance) for _ in range(2)]
        at = county.hours.later(chance, asked, 3.0)
        yield steps.SheSaid(at=at, agency=agency, name=name, need_met=said[0], respectful_care=said[1])
