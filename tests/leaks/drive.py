"""Owns the drive: every step of the line and every way in which it fails, with clients who are known anywhere."""

import csv
import json
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import httpx
from kafka import KafkaProducer

from tests.condition import until
from tests.leaks import capture
from tests.leaks.canary import FIELD_OF, canary
from tests.leaks.line import SF, Watched
from tests.leaks.people import Person
from tests.leaks.search import Item

CLINIC, HUB, DOULAS = "example-clinic-north", "sample-county-chw-hub", "example-doula-network"
PANTRY, HOUSING, ELSEWHERE = "example-food-pantry", "sample-housing-help", "muster-care-link"
EVERY_FIELD = tuple(dict.fromkeys(FIELD_OF.values()))
OWN = (*EVERY_FIELD, "agency's number")
TODAY = datetime.now(ZoneInfo("America/Los_Angeles")).date().isoformat()

MARA, NORA, LIA, IDA, ROSA = (canary(label, seed) for seed, label in enumerate(("mara", "nora", "lia", "ida", "rosa")))
CANARIES = (MARA, NORA, LIA, IDA, ROSA)


def agreed(*fields: str) -> dict[str, Any]:
    return {"agreed": True, "how": "spoken", "on": TODAY, "fields": list(fields)}


def asked(to: str, service: str, category: str, **more: Any) -> dict[str, Any]:
    return {"to": {"agency": to, "service": service}, "category": category} | more


def drive(line: Watched) -> None:
    """Everything that the line can do, with failures."""
    clinic, hub = line.at(CLINIC, "staff", "case_manager"), line.at(HUB, "staff", "case_manager")
    clinic_system, doulas = line.at(CLINIC, "system"), line.at(DOULAS, "staff", "case_manager")
    pantry, housing = line.at(PANTRY, "staff"), line.at(HOUSING, "staff", "case_manager")
    elsewhere = line.at(ELSEWHERE, "staff", "case_manager", initiative=SF)
    for one in CANARIES:
        line.allow(CLINIC, one, *OWN)
    clients = {one.label: clinic.call("POST", "/clients", one.identity)["client"] for one in (MARA, LIA, IDA)}
    assert clinic.call("POST", "/clients", MARA.identity, expect=200)["client"] == clients["mara"]
    for one in (MARA, IDA):
        clinic.call("GET", f"/clients/{clients[one.label]}/identity")
        assert clinic.call("POST", "/clients/search", {"text": one.name})["items"]
    accepted(line, clinic, hub, clients["mara"])
    declined = taken_away(line, clinic_system, doulas)
    opened = left_open(line, clinic, pantry)
    handed_over(line, clinic, hub, clients["lia"])
    strangers = [housing, elsewhere, doulas]
    for stranger in strangers:
        for referral in (declined, opened):
            stranger.send("GET", f"/v1/referrals/{referral}")
            stranger.send("GET", f"/v1/referrals/{referral}/given")
        for one in CANARIES:
            stranger.call("POST", "/clients/search", {"text": one.name})
            stranger.call("POST", "/clients/search", {"text": one.identity["phones"][0]})
        stranger.call("GET", "/work")
    refused(line, [clinic, clinic_system, hub, housing], clients)
    pages(line, opened)
    imported(line)
    broken(line, clinic, clients["ida"])
    away(line, clinic)
    line.settled()
    parked(line)


def accepted(line: Watched, clinic: Person, hub: Person, client: str) -> None:
    """The hub is given name, phones and note, accepts, serves her, ends it; the clinic is told."""
    wish = asked(HUB, "chw-hub-needs", "material-hardship", client=client, note=MARA.note)
    sent = clinic.call("POST", "/referrals", wish | {"consent": agreed("name", "phones", "note")}, expect=201)
    line.allow(HUB, MARA, "name", "phones", "note")
    path = f"/referrals/{sent['referral']}"
    given = hub.call("GET", f"{path}/given")
    assert MARA.identity["phones"] == given["fields"]["phones"]
    assert given["note"]["text"] == MARA.note
    assert given["fields"]["birth_date"] is None
    hub.call("POST", f"{path}/receive", {})
    hub.call("POST", f"{path}/accept", {})
    hub.send("POST", f"/v1{path}/accept", json={"person": "somebody-else"})
    theirs = hub.call("GET", path)["client"]["client"]
    met = {"mode": "home_visit", "outcome": "completed", "referral": sent["referral"], "note": f"Saw {MARA.name}."}
    contact = hub.call("POST", f"/clients/{theirs}/contacts", met, expect=201)["contact"]
    hub.call("POST", f"{path}/complete", {"outcome": "service_received", "contact": contact})
    clinic.call("POST", f"{path}/acknowledge", {})
    for person, ref in ((clinic, client), (hub, theirs)):
        person.call("GET", path)
        person.call("GET", f"/clients/{ref}/timeline")
        person.call("GET", "/work")
    note = clinic.call("POST", "/notes", {"client": client, "text": MARA.note}, expect=201)["note"]
    clinic.call("GET", f"/notes/{note}")
    hub.send("GET", f"/v1/notes/{note}")


def taken_away(line: Watched, clinic: Person, doulas: Person) -> UUID:
    """The doulas are given everything, read it, decline, and see nothing of it from then on."""
    wish = asked(DOULAS, "doula-network-birth-support", "doula", identity=NORA.identity, note=NORA.note)
    key = {"idempotency-key": f"{NORA.name} {uuid4()}".encode().hex()[:60]}
    body = wish | {"consent": agreed("name", "birth_date", "phones", "address", "language", "medi_cal_cin", "note")}
    sent = clinic.call("POST", "/referrals", body, expect=201, headers=key)
    assert clinic.call("POST", "/referrals", body, headers=key)["referral"] == sent["referral"]
    path = f"/referrals/{sent['referral']}"
    line.allow(DOULAS, NORA, *EVERY_FIELD)
    assert doulas.call("GET", f"{path}/given")["fields"]["birth_date"] == NORA.identity["birth_date"]
    doulas.call("GET", path)
    line.allow(DOULAS, NORA)
    doulas.call("POST", f"{path}/decline", {"reason": "no_capacity"})
    doulas.call("GET", f"{path}/given", expect=404)
    doulas.call("GET", path)
    return UUID(sent["referral"])


def left_open(line: Watched, clinic: Person, pantry: Person) -> UUID:
    """An emergency: the pantry is given what it takes without her consent, the reason goes to the vault."""
    emergency = {
        "exception": "emergency",
        "reason": f"{ROSA.name} has no food. {ROSA.note}",
        "fields": ["name", "phones"],
    }
    wish = asked(PANTRY, "food-pantry-boxes", "food-insecurity", identity=ROSA.identity, consent=emergency)
    sent = clinic.call("POST", "/referrals", wish | {"priority": "urgent"}, expect=201)
    line.allow(PANTRY, ROSA, "name", "phones")
    pantry.call("GET", f"/referrals/{sent['referral']}/given")
    pantry.call("GET", "/work")
    return UUID(sent["referral"])


def handed_over(line: Watched, clinic: Person, hub: Person, client: str) -> None:
    """The hub takes over who leads, with her name alone."""
    clinic.call("POST", f"/clients/{client}/episodes", {}, expect=201)
    wish = {"to": HUB, "domain": "primary_care_coordination", "kind": "cold", "note": LIA.note}
    handoff = clinic.call("POST", f"/clients/{client}/handoffs", wish, expect=201)["handoff"]
    path = f"/handoffs/{handoff}"
    clinic.call("POST", f"{path}/client-agrees", {"consent": agreed("name")})
    hub.call("GET", path, expect=404)
    clinic.call("POST", f"{path}/offer", {})
    line.allow(HUB, LIA, "name")
    assert hub.call("GET", f"{path}/given")["fields"]["phones"] == []
    hub.call("POST", f"{path}/accept", {})
    theirs = hub.call("GET", path)["client"]["client"]
    met = {"mode": "phone", "outcome": "completed", "handoff": handoff}
    hub.call("POST", f"/clients/{theirs}/contacts", met, expect=201)
    hub.call("GET", f"/clients/{theirs}/timeline")


def refused(line: Watched, people: list[Person], clients: dict[str, str]) -> None:
    """Identity where it does not fit: every answer is an error that repeats none of it."""
    someone = MARA.identity
    name = MARA.name
    bodies: list[Any] = [
        someone | {"birth_date": name},
        someone | {"birth_date": "2999-01-01"},
        someone | {name: name},
        someone | {"names": name},
        someone | {"phones": [{"number": MARA.facts["phone"][0]}]},
        someone | {"address": {"zip": name}},
        someone | {"names": [{"given": name, "middle": name}]},
        [someone],
    ]
    raw = [
        json.dumps(someone)[:-1],
        f'{{"names": [{{"given": "{name}"}}], "names": 7',
        f'{{"names": [{{"given": "{name}\\ud800"}}]}}',
        f'{{"names": [{{"given": "{name}\\u0000"}}]}}'.replace("names", MARA.facts["given name"][2]),
        json.dumps(someone).encode("utf-16"),
        json.dumps(someone | {"mrn": name * 60_000}),
    ]
    in_use = NORA.identity | {"mrn": MARA.identity["mrn"]}
    assert people[0].call("POST", "/clients", in_use, expect=409)["type"] == "/problems/number-in-use"
    for person in people:
        for body in bodies:
            person.send("POST", "/v1/clients", json=body, headers={"idempotency-key": str(uuid4())})
        for text in raw:
            headers = {"content-type": "application/json", "idempotency-key": str(uuid4())}
            person.send("POST", "/v1/clients", content=text, headers=headers)
        odd = {"idempotency-key": str(uuid4()), "x-request-id": name.encode().hex(), "if-match": MARA.identity["mrn"]}
        person.send("GET", f"/v1/clients/{name}")
        person.send("GET", "/v1/referrals", params={"box": name, name: name})
        person.send("POST", f"/v1/referrals/{name}/accept", json={"person": name}, headers=odd)
        person.send("POST", "/v1/clients/search", json={"text": name}, headers={"baggage": f"name={quoted(name)}"})
        person.send("POST", "/v1/clients/search", json={"text": name, name: name})
        person.send("POST", f"/v1/{name}", json={"text": name})
        person.send("POST", "/v1/clients", content=someone["mrn"], headers={"content-type": "text/plain"})
        person.send("GET", "/v1/me", headers={"authorization": f"Bearer {someone['mrn']}"})
        person.send("GET", "/v1/me", headers={"traceparent": someone["mrn"], "tracestate": someone["medi_cal_cin"]})
        person.send("GET", f"/v1/clients/{clients['mara']}/identity", params={"name": name})
        person.send("GET", f"/{name}/{someone['mrn']}?name={quoted(name)}")


def quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def pages(line: Watched, opened: UUID) -> None:
    """Everybody looks at every page that a link leads to; the clinic searches, registers and errs in forms."""
    clinic, hub = line.page(CLINIC, "ada-example"), line.page(HUB, "sam-specimen")
    pantry, doulas = line.page(PANTRY, "fina-example"), line.page(DOULAS, "dora-muster")
    others = [
        line.page(HOUSING, "hector-ejemplo"),
        line.page("shared-measures", "greta-example"),
        line.page(ELSEWHERE, "noa-sample", SF),
    ]
    for one in CANARIES:
        clinic.submit("/clients", {"find": one.name})
    person = {"given": MARA.facts["given name"][0], "family": MARA.facts["family name"][0], "birth_date": "2999-01-01"}
    clinic.submit("/clients/new", person)
    clinic.submit("/clients/new", person | {"birth_date": MARA.name})
    for visitor in (clinic, hub, pantry, doulas, *others):
        visitor.submit("/clients", {"find": "Nobody Example"})
        visitor.send("GET", f"/referrals/{opened}")
        visitor.send("GET", f"/clients/{quoted(MARA.name)}")
        assert visitor.look_around() >= 2


def imported(line: Watched) -> None:
    """A contact log with her number, and identity where nobody expects it: as activity, agency, and the file's name."""
    file = line.line.state.folder.parent / f"{MARA.facts['family name'][0]}.csv"
    rows = [
        ["client", "agency", "at", "activity"],
        [MARA.identity["mrn"], CLINIC, "2026-01-05T10:00:00Z", MARA.note],
        [MARA.name, f"Dr {MARA.name}", "2026-01-06T10:00:00Z", "doula"],
        [MARA.name, HUB, f"on {MARA.identity['birth_date']}", MARA.note],
    ]
    with file.open("w", newline="") as opened:
        csv.writer(opened).writerows(rows)
    to = ("--initiative", "fresno-ptbi", "--refused", str(file.with_name("refused.csv")), "--json")
    done = line.line.command("import", "contacts", str(file), *to)
    assert done.exit_code == 1, "the last row has no time"
    line.printed.append(Item("command", "import contacts", done.output.encode()))


def broken(line: Watched, clinic: Person, client: str) -> None:
    """A row of the vault is damaged: reading it fails inside (500), and says nothing."""
    with line.owner("identity") as vault:
        vault.execute("UPDATE identities SET sealed = sealed || '\\x00' WHERE agency = %s", [CLINIC])
    answer = clinic.send("GET", f"/v1/clients/{client}/identity")
    assert answer.status_code == httpx.codes.INTERNAL_SERVER_ERROR
    clinic.send("POST", "/v1/clients", json=IDA.identity)
    with line.owner("identity") as vault:
        vault.execute(
            "UPDATE identities SET sealed = substr(sealed, 1, length(sealed) - 1) WHERE agency = %s", [CLINIC]
        )


def away(line: Watched, clinic: Person) -> None:
    """The vault's database goes away while somebody registers (503), and comes back."""
    with line.owner("referrals") as elsewhere:
        elsewhere.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'identity'")
        elsewhere.execute("ALTER DATABASE identity RENAME TO identity_away")
        try:
            answer = clinic.send("POST", "/v1/clients", json=IDA.identity | {"mrn": "MRN-AWAY"})
            assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
        finally:
            elsewhere.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'identity_away'")
            elsewhere.execute("ALTER DATABASE identity_away RENAME TO identity")

    def back() -> bool:
        return clinic.send("POST", "/v1/clients", json=IDA.identity).is_success

    until(back, seconds=30, every=0.5)


def parked(line: Watched) -> None:
    """A record that cannot be applied is parked with those of its client that follow."""
    items = [
        item for item in capture.records(line.line.settings["CLOSEKNIT_KAFKA"]) if item.where.startswith("care.events")
    ]
    key = items[0].content.split(b"\n", 1)[0]
    producer = KafkaProducer(bootstrap_servers=line.line.settings["CLOSEKNIT_KAFKA"], acks="all")
    headers = [("ce_type", b"referral.accepted.v1"), ("ce_id", str(uuid4()).encode()), ("ce_specversion", b"1.0")]
    producer.send("care.events.v1", key=key, value=b"no event at all", headers=headers).get(timeout=30)
    producer.close()
    with line.owner("measures") as measures:

        def is_parked() -> bool:
            return measures.execute("SELECT FROM live.parked").fetchone() is not None

        until(is_parked, seconds=30, every=0.5)
