"""Owns the files of an initiative's folder: what stands in which, how they are read, and how an error names its place.

`initiative.toml` holds everything but agencies, working groups and practice sign-ins, which have a file each; a real
system has no `practice.toml`. The folder's name is the slug.
"""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from contracts.initiative.initiative import Initiative
from contracts.initiative.whole import twice

MAIN: Final = "initiative.toml"
FILES: Final[Mapping[str, str | None]] = {
    MAIN: None,
    "agencies.toml": "agencies",
    "working_groups.toml": "working_groups",
    "practice.toml": "practice",
}
"""The files, and the one key of each that has one; everything else stands in the first."""
OPTIONAL: Final = "practice.toml"
PLAIN: Final = {"extra_forbidden": "no such key", "missing": "is missing"}


class BadInitiative(ValueError):
    """An initiative's folder is missing a file, or a file says something that cannot be; names file and field.

    One line for each thing that is wrong.
    """


def file_of(key: str) -> str:
    """The file in which a key of an initiative stands."""
    return next((name for name, own in FILES.items() if own == key), MAIN)


def load_initiative(folder: Path) -> Initiative:
    """Read one initiative's folder; its name is the slug. Raises BadInitiative."""
    content: dict[str, Any] = {}
    stands: dict[str, str] = {}
    for name in FILES:
        part = _read(folder, name)
        for key in part:
            if stands.setdefault(key, name) != name:
                raise BadInitiative(f"{folder.name}/{name}: {key}: {stands[key]} says it already")
            if key in Initiative.model_fields and file_of(key) != name:
                raise BadInitiative(f"{folder.name}/{name}: {key}: stands in {file_of(key)}")
        content |= part
    if "slug" in content:
        raise BadInitiative(f"{folder.name}/{stands['slug']}: slug: is the name of the folder")
    try:
        return Initiative.model_validate({"slug": folder.name, **content})
    except ValidationError as error:
        said = (f"{folder.name}{_place(line, stands)}" for line in _lines(error))
        raise BadInitiative("\n".join(said)) from None


def load_initiatives(root: Path) -> dict[str, Initiative]:
    """Read every initiative under `root`, by slug; one agency id is one agency in all of them. Raises BadInitiative."""
    if not root.is_dir():
        raise BadInitiative(f"no folder of initiatives named {root.name}")
    found = [load_initiative(path) for path in sorted(root.iterdir()) if (path / MAIN).is_file()]
    agencies = (agency.id for initiative in found for agency in initiative.agencies)
    people = (person.username for initiative in found for person in initiative.practice)
    if wrong := [*twice("over all initiatives", "agency", agencies), *twice("over all initiatives", "sign-in", people)]:
        raise BadInitiative("\n".join(wrong))
    return {initiative.slug: initiative for initiative in found}


def _read(folder: Path, name: str) -> dict[str, Any]:
    path = folder / name
    if not path.is_file():
        if name == OPTIONAL:
            return {}
        raise BadInitiative(f"{folder.name}/{name} is missing")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInitiative(f"{folder.name}/{name}: {error}") from None


def _lines(error: ValidationError) -> Iterator[str]:
    """Each thing that is wrong as `place: what`; the place begins with a key of a file."""
    for each in error.errors():
        place = ".".join(map(str, each["loc"]))
        for sentence in PLAIN.get(each["type"], each["msg"]).removeprefix("Value error, ").splitlines():
            yield f"{place}: {sentence}" if place else sentence


def _place(line: str, stands: Mapping[str, str]) -> str:
    """The line behind the file that its key stands in, or would; nothing but the line where the folder is at fault."""
    key = line.partition(":")[0].partition(".")[0]
    return f": {line}" if key == "slug" else f"/{stands.get(key) or file_of(key)}: {line}"
