"""Owns how what somebody of an agency looks after becomes a colleague's, as when they leave or are away (R22)."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from deploy.simulator import steps
from deploy.simulator.county import County
from deploy.simulator.known import claim_of
from deploy.simulator.page import Page
from services.referrals.directory import Stage
from services.referrals.domain import claim
from services.referrals.domain.charge import ChargeHandedOn
from services.referrals.store.claims import LONGEST

BEFORE_THE_PRESENT = timedelta(hours=20)
SHARE = 0.5
"""Of the clients of an agency that has a second person at a desk."""


def handed_on(county: County, name: str, taken: Sequence[steps.AnyStep]) -> Iterator[steps.HandOn]:
    """Of each agency that has met her, where a colleague can take it over: what is open there then, if anything is."""
    chance = Random(f"{name}|leaving")
    at = county.hours.desk(county.until - BEFORE_THE_PRESENT, chance)
    for agency in dict.fromkeys(step.agency for step in taken if step.at < at):
        if agency in county.colleagues and chance.random() < SHARE:
            yield steps.HandOn(at=at, agency=agency, to=county.colleagues[agency])


def hand_on(page: Page, step: steps.HandOn) -> None:
    """What is open of it, in the streams that it stands in, and what was only claimed."""
    known, leaver = page.records.known, page.records.county.actor(step.agency)
    for word, stream in list(known.streams.items()):
        for row in stream.rows:
            if (row.held_by, row.to_agency) == (leaver, step.agency):
                fact = ChargeHandedOn(person=step.to, domain=row.led[1] if row.led else None)
                page.write(stream, fact, page.envelope(step.at))
        claimed = known.streams.get(claim_of(step.agency, word))
        if claimed and claim.holder(claimed.state, claimed.state.waits_for, step.at) == leaver:
            until = claimed_until(page.records.county, step.at)
            took = claim.TakeOverWork(
                agency=step.agency,
                at=step.at,
                person=step.to,
                work=stream.id,
                waits_for=claimed.state.waits_for,
                until=until,
            )
            page.decide(claim_of(step.agency, word), claim, took, step.at)


def claimed_until(county: County, at: datetime) -> datetime:
    """When what is claimed now is free again (R15), UTC."""
    return min(county.directory.due(county.initiative.slug, Stage.CLAIM, at), at + LONGEST)
