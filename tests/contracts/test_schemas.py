"""Schemas and AsyncAPI are what the models say, each has examples, nothing is left over, and none can hold a name."""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from contracts.compatibility import breaks
from contracts.generate import ROOT, drift, main, released
from contracts.registry import EVENTS, decode, encode
from contracts.schema import schema_of, schemas
from contracts.topic import load_topics

SHAPES = {"uuid", "date", "date-time"}
# The names of agencies and services, which anybody may know (contracts.events.directory); nothing else is a text.
DIRECTORY_NAMES = {"agency.stated.v1": "name", "service.stated.v1": "name"}
# Where an agency is reached, which stands on its door and on its letters.
DIRECTORY_REACH = {
    "agency.stated.v1": ("Address.address_1", "Address.city", "Address.postal_code", "Address.state_province",
                         "Phone.description", "Phone.number"),
}  # fmt: skip
CODED = {
    r"^[a-z0-9]+([_-][a-z0-9]+)*$",
    r"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$",
    r"^[0-9]{3,5}$",
}
SLUG = r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$"
PATTERNS = {SLUG, "^[a-z]{2,3}$", "^[a-z2-7]{26}$"}
"""The id of an agency or service, a language without its region (R7), and a log pseudonym."""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the contracts that a test may spoil."""
    shutil.copytree(ROOT, tmp_path / "contracts", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "contracts"


def example_folders(root: Path) -> dict[str, Path]:
    """The folder of examples of each type, whether the type is there or not."""
    return {f"{path.parent.name}.v{path.name}": path for path in sorted((root / "examples").glob("*/*"))}


def problems_of_examples(root: Path) -> list[str]:
    """One sentence for each type without an example, example without a type, or example that is not of its type."""
    folders = example_folders(root)
    said = [f"{name}: no example" for name in EVENTS if name not in folders or not any(folders[name].iterdir())]
    said += [f"{name}: examples of no type" for name in sorted(folders.keys() - EVENTS.keys())]
    for name in sorted(folders.keys() & EVENTS.keys()):
        validator = Draft202012Validator(schema_of(EVENTS[name]), format_checker=Draft202012Validator.FORMAT_CHECKER)
        for path in sorted(folders[name].iterdir()):
            data = json.loads(path.read_text())
            said += [f"{name}: {path.name} breaks the schema" for _ in validator.iter_errors(data)]
            if path.suffix != ".json" or data.keys() - EVENTS[name].model_fields.keys():
                said.append(f"{name}: {path.name} says more than the type")
    return said


def strings_without_shape(schema: Mapping[str, Any], place: str) -> Iterator[str]:
    """Where a schema takes a string that is neither a code, an id, a date nor the id of an agency or service."""
    shaped = "enum" in schema or schema.get("format") in SHAPES or schema.get("pattern") in {*PATTERNS, *CODED}
    if schema.get("type") == "string" and not shaped:
        yield place
    for part in ("properties", "$defs"):
        for name, inner in schema.get(part, {}).items():
            yield from strings_without_shape(inner, f"{place}.{name}")
    if "items" in schema:
        yield from strings_without_shape(schema["items"], f"{place}[]")


class TestDrift:
    def test_the_files_are_what_the_models_say(self) -> None:
        assert drift() == []
        assert main(["--check"]) == 0

    def test_a_changed_file_is_seen(self, copy: Path) -> None:
        path = copy / "schemas" / "referral.sent.v1.schema.json"
        path.write_text(path.read_text().replace('"to_agency"', '"receiver"'))
        assert drift(copy) == ["schemas/referral.sent.v1.schema.json is not what the models say"]

    def test_a_missing_file_is_seen(self, copy: Path) -> None:
        (copy / "asyncapi.yaml").unlink()
        assert drift(copy) == ["asyncapi.yaml is not what the models say"]

    def test_an_orphan_is_seen(self, copy: Path) -> None:
        (copy / "schemas" / "referral.lost.v1.schema.json").write_text("{}")
        assert drift(copy) == ["schemas/referral.lost.v1.schema.json belongs to no model"]

    def test_the_schemas_are_schemas(self) -> None:
        for schema in schemas().values():
            Draft202012Validator.check_schema(schema)


class TestVersions:
    def test_versions_of_a_type_are_counted_from_one_without_a_gap(self) -> None:
        versions: dict[str, list[int]] = {}
        for name in EVENTS:
            found = re.fullmatch(r"([a-z_]+\.[a-z_]+)\.v([0-9]+)", name)
            assert found
            versions.setdefault(found[1], []).append(int(found[2]))
        assert all(sorted(each) == list(range(1, len(each) + 1)) for each in versions.values())

    def test_no_schema_breaks_its_release(self) -> None:
        assert released()
        assert breaks(released(), schemas()) == []


class TestExamples:
    def test_every_type_has_examples_and_every_example_is_of_its_type(self) -> None:
        assert problems_of_examples(ROOT) == []

    def test_every_example_can_be_read_and_is_written_as_it_was(self) -> None:
        for name, folder in example_folders(ROOT).items():
            for path in folder.iterdir():
                data = json.loads(path.read_text())
                read = decode(name, json.dumps(data).encode())
                assert isinstance(read, EVENTS[name])
                assert json.loads(encode(read)) == data

    def test_a_missing_example_is_seen(self, copy: Path) -> None:
        shutil.rmtree(copy / "examples" / "referral.sent")
        assert problems_of_examples(copy) == ["referral.sent.v1: no example"]

    def test_an_orphan_example_is_seen(self, copy: Path) -> None:
        (copy / "examples" / "referral.lost" / "1").mkdir(parents=True)
        assert problems_of_examples(copy) == ["referral.lost.v1: examples of no type"]

    @pytest.mark.parametrize(
        ("data", "problem"),
        [
            ('{"referral": "Mara Example"}', "told.json breaks the schema"),
            (
                '{"referral": "0194a000-0000-7000-8000-000000000001", "name": "Mara"}',
                "told.json says more than the type",
            ),
        ],
    )
    def test_an_example_that_is_not_of_its_type_is_seen(self, copy: Path, data: str, problem: str) -> None:
        (copy / "examples" / "referral.acknowledged" / "1" / "told.json").write_text(data)
        assert problems_of_examples(copy) == [f"referral.acknowledged.v1: {problem}"]


class TestNoIdentity:
    @pytest.mark.parametrize("name", EVENTS)
    def test_no_field_can_hold_a_name_a_number_or_typed_text(self, name: str) -> None:
        named = [f"{name}.{DIRECTORY_NAMES[name]}"] if name in DIRECTORY_NAMES else []
        reach = [f"{name}.{each}" for each in DIRECTORY_REACH.get(name, ())]
        assert sorted(strings_without_shape(schema_of(EVENTS[name]), name)) == sorted(reach + named)

    def test_a_field_for_text_is_seen(self) -> None:
        planted = {"properties": {"units": {"items": {"$defs": {}, "properties": {"note": {"type": "string"}}}}}}
        assert list(strings_without_shape(planted, "x")) == ["x.units[].note"]

    def test_no_field_is_called_after_identity(self) -> None:
        fields = {
            field for kind in EVENTS.values() for field in kind.model_fields if field != DIRECTORY_NAMES.get(kind.TYPE)
        }
        identity = {"client", "client_id", "name", "names", "birth_date", "phone", "address", "note", "person", "actor"}
        assert fields.isdisjoint(identity)


class TestAsyncapi:
    document: Mapping[str, Any] = yaml.safe_load((ROOT / "asyncapi.yaml").read_text())

    def test_every_reference_leads_somewhere(self) -> None:
        seen = 0
        for reference in self.references(self.document):
            seen += 1
            if reference.startswith("./"):
                assert files("contracts").joinpath(reference).is_file()
                continue
            target: Any = self.document
            for step in reference.removeprefix("#/").split("/"):
                target = target[step]
        assert seen > len(EVENTS)

    def references(self, node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield node["$ref"]
            for inner in node.values():
                yield from self.references(inner)
        elif isinstance(node, list):
            for inner in node:
                yield from self.references(inner)

    def test_it_tells_of_every_topic_and_every_type(self) -> None:
        assert self.document["asyncapi"] == "3.0.0"
        channels = self.document["channels"].values()
        assert {channel["address"] for channel in channels} == {topic.topic for topic in load_topics()}
        assert {message["name"] for message in self.document["components"]["messages"].values()} == set(EVENTS)
        assert {each["action"] for each in self.document["operations"].values()} == {"send", "receive"}
