"""Whoever looks after a made-up client is away: a colleague goes on with all that is open, and with nothing else."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from contracts.initiative import load_initiatives
from contracts.vocabulary import AgeBand, ContactMode, How, Reason
from deploy.simulator import steps
from deploy.simulator.county import County
from deploy.simulator.people import invent
from deploy.simulator.records import Records
from services.referrals.domain.charge import ChargeHandedOn
from services.referrals.domain.claim import ClaimTakenOver

FRESNO = load_initiatives(Path(__file__).parents[3] / "deploy" / "initiatives")["fresno-ptbi"]
COUNTY = County.of_months(FRESNO, 24, datetime(2026, 11, 17, 8, tzinfo=UTC))
NORTH, HUB = "example-clinic-north", "sample-county-chw-hub"
HOUR = timedelta(hours=1)
AT = COUNTY.since


def to_north(records: Records, name: str, *answer: steps.AnyStep) -> None:
    """The hub refers her there, where somebody opens it."""
    category, service = next((c, s) for c, offers in COUNTY.offers.items() for a, s in offers if a.id == NORTH)
    yes = steps.Consent(
        at=AT, agency=HUB, name=f"c-{name}", agreed=True, how=How.SPOKEN, recipient=NORTH, category=None
    )
    sent = steps.Send(
        at=AT, agency=HUB, name=name, consent=yes.name, to_agency=NORTH, service=service.id, category=category
    )
    for step in (yes, sent, steps.Receive(at=AT + HOUR, agency=NORTH, name=name), *answer):
        records.take(step)


def test_r22_what_is_open_and_claimed_is_handed_on_and_nothing_else() -> None:
    records, later = Records(COUNTY, Random(1)), AT + 2 * HOUR
    day = COUNTY.hours.local_date(AT)
    records.take(steps.Register(at=AT, agency=NORTH, person=invent(FRESNO, day, Random(1)), number=None))
    records.take(
        steps.Open(at=AT, agency=NORTH, identified_on=day, due_on=day + timedelta(200), age_band=AgeBand.FROM_25_TO_29)
    )
    records.take(steps.Register(at=AT, agency=HUB, person=invent(FRESNO, day, Random(1)), number=None))
    to_north(records, "accepted", steps.Accept(at=later, agency=NORTH, name="accepted"))
    to_north(records, "declined", steps.Decline(at=later, agency=NORTH, name="declined", reason=Reason.NO_CAPACITY))
    to_north(records, "claimed", steps.Claim(at=later, agency=NORTH, referral="claimed"))
    to_north(records, "seen")
    records.take(
        steps.Promise(at=later, agency=HUB, name="promised", mode=ContactMode.PHONE, planned_for=later + 99 * HOUR)
    )
    assert COUNTY.colleagues == {NORTH: "rosa-muestra"}
    done = records.take(steps.HandOn(at=later + HOUR, agency=NORTH, to="rosa-muestra"))
    streams = {stream.id: word for word, stream in records.known.streams.items()}
    told = {(streams[event.stream], type(event.fact)) for event in done.events}
    assert told == {
        ("episode", ChargeHandedOn),
        ("accepted", ChargeHandedOn),
        (f"claim {NORTH} claimed", ClaimTakenOver),
    }
    assert {event.fact.person for event in done.events if isinstance(event.fact, ChargeHandedOn | ClaimTakenOver)} == {
        "rosa-muestra"
    }
    assert {row.held_by for stream in done.streams for row in stream.rows if row.held_by} == {"rosa-muestra"}
    assert records.take(steps.HandOn(at=later + 2 * HOUR, agency=NORTH, to="rosa-muestra")).events == ()
