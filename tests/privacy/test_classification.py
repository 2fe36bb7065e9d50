"""Every field has a class, and none stands where its class may not; each check has a case in which it fails."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from contracts.classification import CEILINGS, NAMES, OF_MODELS, Class, Unclassified, class_of
from contracts.registry import EVENTS
from contracts.topic import load_topics
from services.runtime.telemetry.names import ATTRIBUTES, INSTRUMENTS, LOG_KEYS
from tests.privacy.fields import Field, of_model, of_schema, too_high

DOCUMENT: dict[str, Any] = json.loads(files("contracts").joinpath("openapi.json").read_text("utf-8"))
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
OPERATIONS: dict[str, Any] = {
    operation["operationId"]: operation | {"path": path}
    for path, methods in DOCUMENT["paths"].items()
    for operation in methods.values()
    if isinstance(operation, dict) and "operationId" in operation
}
OF_NAMES = (
    "change_draft get_client get_draft get_handoff get_referral get_timeline hand_on list_held list_referrals"
    " list_watch list_work open_redirected search_clients search_referrals send_referral"
)
"""A name in a line of a list, of the caller's own clients and of those whom she let it know."""
OF_WHAT_WAS_TYPED = (
    "get_contact_plan get_handoff_given get_identity get_note get_referral_given list_contact_files"
    " list_disclosures list_inquiries"
    " list_handoff_questions list_referral_files list_referral_questions"
)
MAY_SHOW = {*OF_NAMES.split(), *OF_WHAT_WAS_TYPED.split()}
TELLING = ("name", "birth", "phone", "address", "zip", "street", "mrn", "cin", "note", "text", "email", "body", "query")
"""Words of a person, as a log key or an attribute would have them."""
NOT_OF_HERS = {"messaging.destination.name", "messaging.operation.name", "messaging.consumer.group.name",
               "db.system.name", "db.operation.name", "db.collection.name"}  # fmt: skip


def answers(operation: str) -> list[Field]:
    """The fields that the answers of an operation reach, but for its errors."""
    said = OPERATIONS[operation]["responses"]
    return list(of_schema([answer for status, answer in said.items() if status.startswith("2")], SCHEMAS))


def of_figures() -> list[str]:
    """Operations of measures: working groups and the public read them."""
    rooms = ("measures", "releases", "targets", "population-figures")
    return [name for name, each in OPERATIONS.items() if each["path"].split("/")[2] in rooms]


def test_every_field_of_an_event_may_stand_on_each_of_its_topics() -> None:
    on = {kind: CEILINGS[topic.topic] for topic in load_topics() for kind in topic.events}
    lowest = {kind: min(CEILINGS[topic.topic] for topic in load_topics() if kind in topic.events) for kind in on}
    assert lowest.keys() == EVENTS.keys()
    wrong = {kind: too_high(of_model(EVENTS[kind]), ceiling) for kind, ceiling in lowest.items()}
    assert {kind: found for kind, found in wrong.items() if found} == {}


def test_every_field_of_the_api_has_a_class() -> None:
    fields = of_schema([{"$ref": f"#/components/schemas/{name}"} for name in SCHEMAS], SCHEMAS)
    assert too_high(fields, Class.IDENTITY) == []


def test_no_class_is_of_a_field_that_is_gone() -> None:
    fields = {*of_schema([{"$ref": f"#/components/schemas/{name}"} for name in SCHEMAS], SCHEMAS)}
    fields |= {field for event in EVENTS.values() for field in of_model(event)}
    assert NAMES.keys() - {field.name for field in fields} == set()
    assert OF_MODELS.keys() - {f"{field.model}.{field.name}" for field in fields} == set()


def test_figures_reach_nothing_of_a_client() -> None:
    wrong = {name: too_high(answers(name), Class.OPERATIONAL) for name in of_figures()}
    assert {name: found for name, found in wrong.items() if found} == {}


def test_who_she_is_is_in_the_answers_of_these_alone() -> None:
    """To her own agency, or to a receiver: each of these is asked for by an agency (docs/threat-model.md)."""
    shown = {name for name in OPERATIONS if too_high(answers(name), Class.SENSITIVE)}
    assert shown == MAY_SHOW


def test_an_error_shows_nothing_of_anybody() -> None:
    assert too_high(of_schema({"$ref": "#/components/schemas/Problem"}, SCHEMAS), Class.OPERATIONAL) == []


def test_no_address_takes_who_she_is() -> None:
    taken = {
        Field(name, parameter["name"])
        for name, operation in OPERATIONS.items()
        for parameter in operation.get("parameters", [])
        if parameter["in"] != "header"
    }
    asked = {field for field in taken if field.name in NAMES}
    references = {field for field in asked if field.name in {"note", "names"}}  # an id; whether names are wanted
    assert too_high(asked - references, Class.PSEUDONYMOUS) == []


@pytest.mark.parametrize("vocabulary", [LOG_KEYS, ATTRIBUTES, frozenset(INSTRUMENTS)])
def test_nothing_that_is_told_of_a_process_is_named_like_something_of_hers(vocabulary: frozenset[str]) -> None:
    assert telling(vocabulary) == set()


def telling(vocabulary: frozenset[str]) -> set[str]:
    return {each for each in vocabulary - NOT_OF_HERS if any(word in each for word in TELLING)}


class Leaky(BaseModel):
    """What an event must not be."""

    birth_date: str


class Holding(BaseModel):
    """The same, one model further down."""

    parts: tuple[Leaky, ...]


class TestEachCheckFindsOne:
    def test_a_birth_date_on_a_topic(self) -> None:
        assert too_high(of_model(Leaky), CEILINGS["care.restricted.v1"]) == ["Leaky.birth_date is identity"]

    def test_one_that_is_further_down(self) -> None:
        found = too_high(of_model(Holding), CEILINGS["care.events.v1"])
        assert found == ["Holding.parts has no class", "Leaky.birth_date is identity"]

    def test_a_birth_on_the_topic_of_all(self) -> None:
        found = too_high(of_model(EVENTS["birth.recorded.v1"]), CEILINGS["care.events.v1"])
        assert "BirthRecordedV1.delivered_on is sensitive" in found

    def test_a_field_without_a_class(self) -> None:
        with pytest.raises(Unclassified, match=r"Leaky\.shoe_size"):
            class_of("Leaky", "shoe_size")

    def test_a_name_among_figures(self) -> None:
        schemas = {"Figures": {"properties": {"rows": {"$ref": "#/x/Row"}}}, "Row": {"properties": {"mrn": {}}}}
        assert too_high(of_schema({"$ref": "#/x/Figures"}, schemas), Class.OPERATIONAL) == ["Row.mrn is identity"]

    def test_one_name_of_two_meanings(self) -> None:
        assert (class_of("AgencyShown", "name"), class_of("ClientShown", "name")) == (Class.PUBLIC, Class.IDENTITY)

    def test_a_log_key(self) -> None:
        assert telling(LOG_KEYS | {"client_name"}) == {"client_name"}


def test_what_each_class_demands_is_written_down() -> None:
    page = (Path(__file__).parents[2] / "docs" / "threat-model.md").read_text(encoding="utf-8")
    table = page.partition("## What each class demands")[2].partition("\n## ")[0]
    rows = {row.split("|")[1].strip(" `"): row for row in table.splitlines() if row.startswith("| `")}
    assert list(rows) == [each.name.lower() for each in Class]
    assert {row.count("|") for row in rows.values()} == {8}
    topics = {name: rows[ceiling.name.lower()] for name, ceiling in CEILINGS.items() if ceiling > Class.OPERATIONAL}
    assert [name for name, row in topics.items() if name not in row] == []
