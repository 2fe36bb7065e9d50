"""What an agency held of a client is erased by an operator's command, beside the service that serves her."""

import json
import re
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from deploy.closeknit.main import app, said
from deploy.closeknit.shred import ERASED_FOR, KEPT_FOR
from deploy.local.postgres import OWNER
from services.referrals.domain.client import ErasureReason, HoldReason
from services.referrals.vault.keys import root_key
from services.referrals.vault.pairwise import PairwiseIds
from tests.condition import until
from tests.referrals.api.conftest import INITIATIVES, Caller, Service
from tests.referrals.api.story import MET, Given, when
from tests.referrals.api.test_disclosures import accounted, herself
from tests.referrals.api.test_inquiries import queue
from tests.referrals.api.test_outage import keys_taken

CLINIC, DOULAS = "example-clinic-north", "example-doula-network"

Command = Callable[..., Any]


@pytest.fixture
def closeknit(service: Service, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command line, on the machine of the service."""
    for name, value in service.databases.environ().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("CLOSEKNIT_KEYS", str(service.keys))
    monkeypatch.setenv("CLOSEKNIT_INITIATIVES", str(INITIATIVES))
    return lambda *arguments: CliRunner().invoke(app, arguments)


@pytest.fixture
def given(north: Caller, doulas: Caller) -> Given:
    return Given(north, doulas)


def test_the_reasons_are_those_of_the_domain() -> None:
    assert tuple(ErasureReason) == ERASED_FOR
    assert tuple(HoldReason) == KEPT_FOR


def test_her_details_are_gone_and_what_happened_stays(given: Given, closeknit: Command) -> None:
    sender, client = given.sender, given.client()
    note = sender.done("/v1/notes", {"client": client, "text": "Works mornings"})["note"]
    draft = sender.done("/v1/referrals", {"draft": True, "client": client, "category": "doula"})["referral"]
    name = sender.seen(f"/v1/clients/{client}")["name"]
    assert name
    assert sender.get(f"/v1/clients/{client}/identity").is_success
    done = closeknit("shred", client, "--agency", CLINIC, "--reason", "client_request", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.output) == {"keys": 1, "drafts": 1, "again": False}
    # The service is another process to the command: it learns of it by itself.
    until(lambda: sender.get(f"/v1/clients/{client}/identity").status_code == 410)
    for path in (f"/v1/clients/{client}/identity", f"/v1/notes/{note}"):
        gone = sender.get(path)
        assert (gone.status_code, gone.json()["type"]) == (410, "/problems/details-erased")
    assert sender.get(f"/v1/referrals/{draft}").status_code == 404
    shown = sender.seen(f"/v1/clients/{client}")
    assert shown["name"] is None
    assert shown["erased"]
    assert client not in [found["client"] for found in sender.done("/v1/clients/search", {"text": name})["items"]]
    entries = sender.seen(f"/v1/clients/{client}/timeline")["entries"]
    assert {"client.registered.v1", "client.details_erased.v1"} <= {entry["type"] for entry in entries}
    again = closeknit("shred", client, "--agency", CLINIC, "--reason", "client_request", "--json")
    assert json.loads(again.output)["again"]
    assert len(sender.seen(f"/v1/clients/{client}/timeline")["entries"]) == len(entries)


def test_a_hold_forbids_it_until_it_is_released(given: Given, closeknit: Command) -> None:
    client = given.client()
    held = closeknit("hold", client, "--agency", CLINIC, "--reason", "legal_case")
    assert held.exit_code == 0, held.output
    refused = closeknit("shred", client, "--agency", CLINIC, "--reason", "client_request")
    assert refused.exception is not None
    assert said(refused.exception) == (
        "What this agency holds of her has to be kept: `closeknit hold CLIENT --agency A --release` first.",
        1,
    )
    assert given.sender.get(f"/v1/clients/{client}/identity").is_success
    assert closeknit("hold", client, "--agency", CLINIC, "--release").exit_code == 0
    erased = closeknit("shred", client, "--agency", CLINIC, "--reason", "client_request")
    assert erased.output.startswith("erased: 1 key destroyed, 0 drafts thrown away;")


def test_a_hold_that_stands_is_said_with_its_reason(given: Given, closeknit: Command) -> None:
    her = ("hold", given.client(), "--agency", CLINIC)
    nothing = closeknit(*her, "--release")
    assert (nothing.exit_code, nothing.output) == (0, "nothing of hers is held at this agency\n")
    assert closeknit(*her, "--reason", "legal_case").output.startswith("held: ")
    again = closeknit(*her, "--reason", "legal_case")
    assert (again.exit_code, again.output) == (0, "held already, for legal_case\n")
    other = closeknit(*her, "--reason", "audit")
    assert other.exception is not None
    assert said(other.exception) == (
        "It is held already, for legal_case: audit was not written down; --release that one first.",
        1,
    )
    assert closeknit(*her, "--release").output == "released\n"
    assert closeknit(*her, "--reason", "audit").output.startswith("held: ")


def test_what_is_erased_already_can_be_held_no_more(given: Given, service: Service, closeknit: Command) -> None:
    client = given.client()
    her = ("hold", client, "--agency", CLINIC)
    assert closeknit("shred", client, "--agency", CLINIC, "--reason", "client_request").exit_code == 0
    refused = closeknit(*her, "--reason", "legal_case")
    assert refused.exception is not None
    assert said(refused.exception) == (
        "Her details were erased at this agency already: there is nothing left to keep.",
        1,
    )
    assert closeknit(*her, "--release").output == "nothing of hers is held at this agency\n"
    officer = service.caller(CLINIC, "privacy_officer", subject="pia-invented")
    assert [each["cause"] for each in queue(officer, client)] == ["erasure"]


def test_what_is_written_of_her_after_an_erasure_can_be_held(given: Given, closeknit: Command) -> None:
    client = given.client()
    assert closeknit("shred", client, "--agency", CLINIC, "--reason", "client_request").exit_code == 0
    given.sender.done("/v1/notes", {"client": client, "text": "Works mornings"})
    assert closeknit("hold", client, "--agency", CLINIC, "--reason", "audit").output.startswith("held: ")


def test_the_officer_of_that_agency_looks_at_both_and_learns_not_who_she_is(
    given: Given, service: Service, closeknit: Command
) -> None:
    sent = given.accepted()
    officers = {each: service.caller(each, "privacy_officer", subject="pia-invented") for each in (CLINIC, DOULAS)}
    assert given.sender.seen(f"/v1/clients/{sent.client}")["name"]
    for command in (
        ("hold", "--reason", "legal_case"),
        ("hold", "--reason", "legal_case"),
        ("hold", "--release"),
        ("shred", "--reason", "wrong_person"),
        ("shred", "--reason", "wrong_person"),
    ):
        done = closeknit(command[0], sent.client, "--agency", CLINIC, *command[1:])
        assert done.exit_code == 0, done.output
    waiting = queue(officers[CLINIC], sent.client)
    told = [(each["cause"], each["by"], each["reason"], each["client"]["name"], each["text"]) for each in waiting]
    assert told == [
        ("hold", "operator", "legal_case", None, None),
        ("hold_released", "operator", None, None, None),
        ("erasure", "operator", "wrong_person", None, None),
    ]
    assert [each["disclosure"] and each["disclosure"]["kind"] for each in waiting] == [None, None, "erased"]
    assert queue(officers[DOULAS], sent.theirs) == [], "what another agency erased is not theirs to look at"
    said = {"text": "It was another's number.", "finding": "appropriate"}
    when(officers[CLINIC].post(f"/v1/inquiries/{waiting[-1]['inquiry']}/answer", said)).then(200)
    listed = accounted(herself(service, given.receiver, sent.theirs), sent.theirs)
    (erased,) = [each for each in listed if each["kind"] == "erased"]
    assert [each["finding"] for each in erased["findings"]] == ["appropriate"]


def test_r21_one_look_is_asked_for_however_many_references_she_has_there(
    given: Given, service: Service, closeknit: Command
) -> None:
    own, theirs = Given(given.receiver, given.sender).client(), given.accepted().theirs
    given.receiver.done(f"/v1/clients/{theirs}/link", {"own_client": own})
    assert closeknit("shred", theirs, "--agency", DOULAS, "--reason", "retention_ended").exit_code == 0
    officer = service.caller(DOULAS, "privacy_officer", subject="pia-invented")
    assert [each["reason"] for client in (own, theirs) for each in queue(officer, client)] == ["retention_ended"]


def test_nobody_elses_client_and_no_other_words(given: Given, closeknit: Command) -> None:
    client = given.client()
    for arguments, code in (
        ((client, "--agency", "sample-wic-office-east", "--reason", "client_request"), 1),
        (("a" * 26, "--agency", CLINIC, "--reason", "client_request"), 1),
        ((client, "--agency", "nobody-here", "--reason", "client_request"), 1),
        ((client, "--agency", CLINIC, "--reason", "because"), 2),
    ):
        done = closeknit("shred", *arguments)
        found = said(done.exception)[1] if not isinstance(done.exception, SystemExit) and done.exception else None
        assert (found or done.exit_code) == code, done.output
    assert closeknit("hold", client, "--agency", CLINIC).exit_code == 2
    assert given.sender.get(f"/v1/clients/{client}/identity").is_success


def test_operators_see_the_months_and_destroy_none_in_use(given: Given, closeknit: Command) -> None:
    given.client()
    done = closeknit("keys", "status", "--json")
    assert done.exit_code == 0, done.output
    (month,) = [each for each in json.loads(done.output) if each["current"]]
    assert month["present"]
    assert month["data_keys"] > 0
    assert re.search(r"\d+ data keys  this month", closeknit("keys", "status").output)
    refused = closeknit("keys", "destroy", month["epoch"])
    assert refused.exception is not None
    assert said(refused.exception)[1] == 1
    # Other tests of this service may have written in another month: the second time nothing is left to move.
    assert json.loads(closeknit("keys", "rewrap", "--json").output)["moved"] >= 0
    assert json.loads(closeknit("keys", "rewrap", "--json").output) == {"moved": 0}
    assert json.loads(closeknit("keys", "destroy", "1999-01", "--json").output) == {"destroyed": False}
    for none in ("nonsense", "../../etc", "2026-13", "2026-1", ""):
        assert closeknit("keys", "destroy", none).exit_code == 2


def test_operators_are_told_of_a_key_that_is_gone_or_another(
    given: Given, service: Service, closeknit: Command
) -> None:
    given.client()
    with keys_taken(service) as (_, others):
        gone = closeknit("keys", "status")
        assert (gone.exit_code, "its key is GONE" in gone.output) == (1, True), gone.output
        month = next(each for each in json.loads(closeknit("keys", "status", "--json").output) if each["fault"])
        refused = closeknit("keys", "destroy", month["epoch"], "--early")
        assert refused.exception is not None
        assert said(refused.exception)[1] == 1
        assert "is gone, and it is in use" in str(refused.exception)
        others()
        another = closeknit("keys", "status")
        assert (another.exit_code, "ANOTHER key" in another.output) == (1, True), another.output
    assert closeknit("keys", "status").exit_code == 0


def test_r6_what_is_restricted_lies_under_a_key_of_its_class_and_goes_with_the_rest(
    given: Given, service: Service, closeknit: Command
) -> None:
    client = given.client()
    said = MET | {"tags": ["substance_use_treatment"], "note": "Asked for detox"}
    contact = given.sender.done(f"/v1/clients/{client}/contacts", said)["contact"]
    note = given.sender.seen(f"/v1/contacts/{contact}")["note"]
    with psycopg.connect(service.databases.dsn("identity", OWNER), autocommit=True) as connection:
        asked = "SELECT class FROM data_keys JOIN notes USING (client_id, agency) WHERE notes.id = %s ORDER BY class"
        id = PairwiseIds(root_key(service.keys), service.clock).back(CLINIC, "note", note)
        assert connection.execute(asked, [id]).fetchall() == [("",), ("part2",)]
    done = closeknit("shred", client, "--agency", CLINIC, "--reason", "wrong_person", "--json")
    assert json.loads(done.output)["keys"] == 2
    until(lambda: given.sender.get(f"/v1/notes/{note}").status_code == 410)
