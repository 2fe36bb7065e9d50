"""An agency's export has its own events and those of which it is a side, and tells nothing else of anybody."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.vocabulary import Category, Measurement
from services.measures.domain.eventlog import COLUMNS, Entry, ocel, of_agency, rows
from services.measures.domain.measure import AsOf
from services.measures.domain.period import Period
from tests.measures import pregnancies as of
from tests.measures.lives import AGENCIES, world
from tests.measures.published import CLINIC, DOULAS, START, Log, pseudonym
from tests.measures.telling import referred

DAY = timedelta(days=1)
AS_OF = AsOf(datetime(2030, 1, 1, tzinfo=UTC), UTC)
HER, ANOTHER = pseudonym(1), pseudonym(2)
PANTRY = "example-pantry"


def seen(log: Log, agency: str, period: Period | None = None) -> list[Entry]:
    return list(of_agency(log.journeys(), agency, period or Period(), AS_OF))


def a_log() -> Log:
    """The clinic refers her to the doulas, who meet her; the pantry knows her too, and somebody else."""
    log = Log()
    of.opened(log, HER, START)
    referral = log.sent(HER, START)
    log.accepted(HER, referral, START + DAY)
    log.contact(HER, START + 2 * DAY, DOULAS)
    log.contact(HER, START + 3 * DAY, PANTRY)
    log.contact(ANOTHER, START + 3 * DAY, PANTRY)
    return log


def test_r8_an_agency_has_its_own_events_and_those_of_which_it_is_a_side() -> None:
    found = {agency: [each.activity for each in seen(a_log(), agency)] for agency in (CLINIC, DOULAS, PANTRY, "nobody")}
    assert found == {
        CLINIC: ["episode.opened", "referral.sent", "referral.accepted"],
        DOULAS: ["referral.sent", "referral.accepted", "contact.recorded"],
        PANTRY: ["contact.recorded", "contact.recorded"],
        "nobody": [],
    }


def test_a_client_is_a_number_of_the_export_and_no_pseudonym_is_in_it() -> None:
    log = a_log()
    assert [each.client for each in seen(log, PANTRY)] == ["client-1", "client-2"]
    for agency in (CLINIC, DOULAS, PANTRY):
        text = json.dumps(ocel(seen(log, agency))) + str(list(rows(seen(log, agency))))
        assert not any(name in text for name in (HER, ANOTHER))


def test_two_agencies_cannot_lay_their_exports_together_but_by_what_both_are_a_side_of() -> None:
    """An internal id that both had would join what each may know of her alone: an episode that a handoff names, too."""
    for number in range(12):
        log = world(number)
        internal = {str(fact.headers.id) for fact in log.facts} | {fact.headers.subject for fact in log.facts}
        internal |= {
            str(id)
            for fact in log.facts
            for name, id in fact.event
            if isinstance(id, UUID) and name not in {"referral", "handoff", "appointment", "parent", "supersedes"}
        }
        for agency in AGENCIES:
            found = seen(log, agency)
            text = json.dumps(ocel(found)) + str(list(rows(found)))
            assert not [id for id in internal if id in text]
    both = [{each.objects["referral"] for each in seen(a_log(), side) if "referral" in each.objects}
            for side in (CLINIC, DOULAS)]  # fmt: skip
    assert both[0] == both[1] != set()


def test_r6_r7_r14_what_is_restricted_unwanted_or_mistaken_is_not_in_it() -> None:
    log = Log()
    referred(log, HER, START, Category.BEHAVIORAL_HEALTH)
    mistake = log.sent(HER, START)
    log.in_error(HER, mistake, START + DAY)
    log.contact(ANOTHER, START)
    log.consented(ANOTHER, START, Measurement.NO)
    assert seen(log, CLINIC) == []
    kept = log.sent(HER, START)
    assert [each.objects["referral"] for each in seen(log, CLINIC)] == [str(kept)]


def test_what_lies_outside_of_the_period_is_not_in_it() -> None:
    found = seen(a_log(), CLINIC, Period(START + DAY, START + 2 * DAY))
    assert [each.activity for each in found] == ["referral.accepted"]


def test_a_row_has_the_names_of_xes() -> None:
    first, *_ = rows(seen(a_log(), CLINIC))
    named = dict(zip(COLUMNS, first, strict=True))
    assert (named["case:concept:name"], named["concept:name"], named["org:resource"]) == (
        *("client-1", "episode.opened"),
        CLINIC,
    )
    assert named["time:timestamp"] == "2026-01-01T08:00:00Z"
    assert named["episode"] == "episode-1"
    assert named["referral"] == ""


@pytest.mark.parametrize("seed", range(12))
def test_an_object_centric_log_names_nothing_that_it_does_not_have(seed: int) -> None:
    for agency in AGENCIES:
        log = ocel(seen(world(seed), agency))
        types = {
            each["name"]: {said["name"]: said["type"] for said in each["attributes"]}
            for each in listed(log, "eventTypes")
        }
        objects = {each["id"]: each["type"] for each in listed(log, "objects")}
        assert {each["name"] for each in listed(log, "objectTypes")} == set(objects.values())
        assert len(listed(log, "events")) == len({each["id"] for each in listed(log, "events")})
        kinds = {"string": str, "boolean": bool, "integer": int}
        for event in listed(log, "events"):
            for said in event["attributes"]:
                assert isinstance(said["value"], kinds[types[event["type"]][said["name"]]])
            for named in event["relationships"]:
                assert objects[named["objectId"]] == named["qualifier"]


def listed(log: dict[str, object], name: str) -> list[dict[str, Any]]:
    found = log[name]
    assert isinstance(found, list)
    return found
