"""The main job on the real parts: from an agency's first press to a measure, in both initiatives and a third."""

import psycopg
import pytest

from services.referrals.publishing import CARE_TOPIC, RESTRICTED_TOPIC
from tests.days import ahead
from tests.e2e.walk import COORDINATION, EVERYWHERE, SPOKEN, Cast, Walk
from tests.fix_line import OF_THE_LOGS, THIRD, Line
from tests.referrals.api.conftest import Caller
from tests.referrals.api.story import when
from tests.referrals.relay.log import read

pytestmark = pytest.mark.servers

MEASURES = ("response_rate", "closed_loop_rate", "handoff_completion", "clients_reached", "agency_changes")
CASTS = pytest.mark.parametrize("cast", EVERYWHERE, ids=lambda cast: cast.initiative)
PHONES = ["+1 559 555 0142"]
Figures = dict[str, tuple[int, int]]


def figures(line: Line, cast: Cast) -> Figures:
    """Numerator and denominator of every measure, once everything is in."""
    line.settled()
    found = {measure: line.figure(measure, cast.initiative) for measure in MEASURES}
    return {measure: (said["numerator"], said["denominator"] or 0) for measure, said in found.items()}


def added(before: Figures, after: Figures) -> Figures:
    return {name: (after[name][0] - before[name][0], after[name][1] - before[name][1]) for name in MEASURES}


def waits(caller: Caller, id: str) -> list[str]:
    """What is waited for of this agency in one referral or handoff."""
    return [item["waits_for"] for item in caller.listed("/v1/work") if item["id"] == id]


def lead(walk: Walk) -> tuple[str, str]:
    """Who leads the coordination as the clinic sees it, and why."""
    (found,) = walk.clinic.seen(f"/v1/clients/{walk.client}/responsibility")["items"]
    assert found["domain"] == COORDINATION
    return found["agency"], found["basis"]


def refer(walk: Walk) -> str:
    """She is referred, and her details reach the one receiver; gives the referral's path."""
    consent = walk.consent("name", "phones", "language", "note")
    referral = walk.sent(consent={"id": consent}, note="Mornings, by telephone.")
    path = f"/v1/referrals/{referral}"
    assert waits(walk.helper, referral) == ["answer"]
    assert walk.helper.seen("/v1/referrals?box=inbox&limit=1")["items"][0]["referral"] == referral
    assert walk.clinic.seen("/v1/referrals?box=outbox&limit=1")["items"][0]["state"] == "sent"
    given = walk.helper.seen(f"{path}/given")
    assert (given["fields"]["phones"], given["fields"]["language"]) == (PHONES, "es")
    assert (given["fields"]["birth_date"], given["note"]["text"]) == (None, "Mornings, by telephone.")
    return path


def serve(walk: Walk, path: str) -> None:
    """The referral is answered, served, ended and told: its three facts are true, and nobody waits any more."""
    clinic, helper, referral = walk.clinic, walk.helper, path.rpartition("/")[2]
    assert helper.done(f"{path}/receive")["state"] == "received"
    assert helper.done(f"{path}/accept", {"on": ahead(1)})["state"] == "accepted"
    assert waits(helper, referral) == ["contact"]
    contact = walk.contact(helper, path, tags=["doula"], duration_min=45)
    assert helper.seen(path)["state"] == "in_service"
    assert helper.done(f"{path}/complete", {"outcome": "service_received", "contact": contact})["state"] == "completed"
    assert (waits(helper, referral), waits(clinic, referral)) == ([], ["acknowledge"])
    clinic.done(f"{path}/acknowledge")
    shown = clinic.seen(path)
    assert [fact["yes"] for fact in shown["facts"].values()] == [True, True, True]
    assert (waits(clinic, referral), shown["actions"]) == ([], ["entered-in-error"])


def hand_over(walk: Walk) -> None:
    """The coordination goes to the hub when it accepts, and not before."""
    handoff = walk.offered()
    assert waits(walk.hub, handoff.rpartition("/")[2]) == ["answer"]
    assert lead(walk) == (walk.cast.clinic, "intake")
    walk.hub.done(f"{handoff}/accept")
    assert lead(walk) == (walk.cast.hub, "handoff")
    walk.contact(walk.hub, handoff, mode="video")
    assert walk.hub.seen(handoff)["state"] == "completed"


@CASTS
def test_one_referral_and_one_handoff_from_the_first_press_to_the_figures(line: Line, cast: Cast) -> None:
    other = next(each for each in EVERYWHERE if each is not cast)
    before, elsewhere = figures(line, cast), figures(line, other)
    walk = Walk.begun(line, cast, birth_date="1996-02-29", phones=PHONES, language="es")
    walk.episode()
    serve(walk, refer(walk))
    hand_over(walk)

    timeline = walk.clinic.seen(f"/v1/clients/{walk.client}/timeline")
    types = [entry["type"].removesuffix(".v1") for entry in timeline["entries"]]
    assert [type for type in types if type.startswith(("referral.", "handoff."))] == [
        "referral.sent", "referral.received", "referral.accepted", "referral.service_started", "referral.completed",
        "referral.acknowledged", "handoff.proposed", "handoff.client_agreed", "handoff.offered", "handoff.accepted",
        "handoff.completed",
    ]  # fmt: skip
    assert {agency["agency"] for agency in timeline["agencies"]} == {cast.clinic, cast.helper, cast.hub}
    assert added(before, figures(line, cast)) == {
        "response_rate": (1, 1),
        "closed_loop_rate": (1, 1),
        "handoff_completion": (1, 1),
        "clients_reached": (1, 0),
        "agency_changes": (1, 1),
    }
    assert figures(line, other) == elsewhere


@CASTS
def test_nothing_crosses_from_one_initiative_to_the_other(line: Line, cast: Cast) -> None:
    other = next(each for each in EVERYWHERE if each is not cast)
    walk = Walk.begun(line, cast)
    referral = walk.sent()
    strangers = [line.caller(agency, initiative=other.initiative) for agency in (other.clinic, other.helper)]
    for stranger in strangers:
        for path in (f"/v1/referrals/{referral}", f"/v1/referrals/{referral}/given", f"/v1/clients/{walk.client}"):
            when(stranger.get(path)).then_problem(404, "not-found")
        when(stranger.post(f"/v1/referrals/{referral}/accept")).then_problem(404, "not-found")
        assert stranger.work(referral) is None
        agencies = {agency["agency"] for agency in stranger.listed("/v1/directory/agencies")}
        assert (cast.clinic in agencies, other.clinic in agencies) == (False, True)
    body = {"client": walk.client, "category": "doula", "consent": SPOKEN | {"fields": ["name"]}}
    to = {"agency": other.helper, "service": other.service}
    when(walk.clinic.post("/v1/referrals", body | {"to": to})).then_malformed("/to/agency", "unknown_agency")
    stray = line.caller(cast.clinic, initiative=other.initiative)
    when(stray.get("/v1/work")).then_problem(403, "role-forbids")


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_third_county_has_its_pages_without_code(line: Line, language: str) -> None:
    chosen = {"cookie": f"closeknit_language={language}"}
    every = line.http.get(f"{line.url}/about", headers=chosen)
    assert f'href="/about/initiatives/{THIRD}"' in every.text
    page = line.http.get(f"{line.url}/about/initiatives/{THIRD}", headers=chosen)
    about = {"en": "A collaborative for healthy pregnancies in", "es": "Una colaboración por embarazos sanos en"}
    assert page.status_code == 200
    assert f"{about[language]} Kings County, California." in page.text
    assert line.http.get(f"{line.url}/about/principles", headers=chosen).status_code == 200


def test_every_record_says_its_initiative_and_no_client_is_in_two(line: Line) -> None:
    walks = [Walk.begun(line, cast) for cast in EVERYWHERE]
    for walk in walks:
        walk.sent()
    line.settled()
    records = read(line.settings["CLOSEKNIT_KAFKA"], (CARE_TOPIC, RESTRICTED_TOPIC))
    initiatives = dict[bytes | None, set[bytes]]()
    for record in (record for place in records.values() for record in place):
        source = dict(record.headers)["ce_source"]
        initiatives.setdefault(record.key, set()).add(source.split(b"/")[2])
    assert {len(found) for found in initiatives.values()} == {1}
    walked = {cast.initiative.encode() for cast in EVERYWHERE}
    assert walked <= set.union(*initiatives.values()) <= walked | {each.encode() for each in OF_THE_LOGS}
    with psycopg.connect(line.settings["CLOSEKNIT_MEASURES_DSN"]) as connection:
        rows = connection.execute("SELECT subject, count(DISTINCT initiative) FROM live.facts GROUP BY 1").fetchall()
    assert {count for _, count in rows} == {1}
