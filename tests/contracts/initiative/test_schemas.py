"""The schema of each file of an initiative says what the model says: a good file passes, a bad one is refused."""

import json
import tomllib
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from contracts.initiative.files import FILES
from contracts.initiative.schema import schemas

ROOT = Path(__file__).parents[3] / "deploy" / "initiatives"
FOLDERS = sorted(path.name for path in ROOT.iterdir() if path.is_dir())


def plain(part: Any) -> Any:
    """What a TOML file holds, as JSON would."""
    if isinstance(part, dict):
        return {key: plain(value) for key, value in part.items()}
    if isinstance(part, list):
        return [plain(value) for value in part]
    return part.isoformat() if isinstance(part, date | time) else part


def wrong(file: str, content: Any) -> list[str]:
    """Where a file breaks its schema."""
    validator = Draft202012Validator(schemas()[file.removesuffix(".toml")])
    return sorted(".".join(map(str, each.absolute_path)) or each.message for each in validator.iter_errors(content))


def content_of(folder: str, file: str) -> Any:
    return plain(tomllib.loads((ROOT / folder / file).read_text(encoding="utf-8")))


@pytest.mark.parametrize("file", FILES)
def test_each_is_a_schema_whose_every_reference_leads_somewhere(file: str) -> None:
    schema = schemas()[file.removesuffix(".toml")]
    Draft202012Validator.check_schema(schema)
    assert set(schema.get("$defs", {})) == {
        part.split('"')[0] for part in json.dumps(schema).split('"$ref": "#/$defs/')[1:]
    }


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("file", FILES)
def test_every_file_of_ours_is_of_its_schema_and_names_it(folder: str, file: str) -> None:
    assert wrong(file, content_of(folder, file)) == []
    first = (ROOT / folder / file).read_text(encoding="utf-8").partition("\n")[0]
    schema = ROOT / folder / first.removeprefix("#:schema ")
    assert schema.resolve().is_file(), first


@pytest.mark.parametrize(
    ("file", "change", "where"),
    [
        ("initiative.toml", lambda said: said.update(county="Fresno"), "Additional properties"),
        ("initiative.toml", lambda said: said.pop("backbone"), "'backbone' is a required property"),
        ("initiative.toml", lambda said: said["targets"][0].update(percent=120), "targets.0.percent"),
        ("initiative.toml", lambda said: said["releases"].update(default="decade"), "releases.default"),
        ("initiative.toml", lambda said: said.update(agencies=[]), "Additional properties"),
        ("agencies.toml", lambda said: said["agencies"][0].pop("name"), "agencies.0"),
        ("working_groups.toml", lambda said: said["working_groups"][0].update(chair="Nobody"), "working_groups.0"),
        ("practice.toml", lambda said: said["practice"][0].update(roles=["king"]), "practice.0.roles.0"),
    ],
)
def test_what_cannot_be_is_refused(file: str, change: Any, where: str) -> None:
    content = content_of("fresno-ptbi", file)
    change(content)
    (found,) = wrong(file, content)
    assert found.startswith(where)
