"""Owns what `closeknit initiative check` looks at: each folder by itself, then all of them beside each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.initiative import BadInitiative, Initiative, load_initiative, load_initiatives
from contracts.initiative.files import MAIN
from services.measures.definitions import CATALOGUE


@dataclass(frozen=True)
class Sound:
    """An initiative with nothing wrong in it."""

    initiative: Initiative

    @property
    def facts(self) -> dict[str, Any]:
        what = self.initiative
        return {
            "initiative": what.slug,
            "name": what.name,
            "agencies": len(what.agencies),
            "services": sum(len(agency.services) for agency in what.agencies),
            "working_groups": len(what.working_groups),
            "targets": len(what.targets),
            "languages": list(what.languages),
            "practice_sign_ins": len(what.practice),
        }

    @property
    def line(self) -> str:
        said = self.facts
        counted = ("agencies", "services", "working_groups", "targets", "practice_sign_ins")
        counts = ", ".join(f"{name.replace('_', ' ')} {said[name]}" for name in counted)
        return f"{said['initiative']}: nothing is wrong ({counts}, languages {' '.join(said['languages'])})"


def checked(where: Path) -> tuple[list[Sound], list[str]]:
    """What is sound, and one sentence for each thing that is wrong, in an initiative's folder or a folder of them."""
    one = (where / MAIN).is_file()
    sound, wrong = [], []
    for folder in [where] if one else sorted(path for path in where.iterdir() if (path / MAIN).is_file()):
        try:
            initiative = load_initiative(folder)
        except BadInitiative as error:
            wrong += str(error).splitlines()
            continue
        found = list(unknown_measures(initiative))
        wrong += found
        sound += [] if found else [Sound(initiative)]
    if not one and not wrong:
        try:
            load_initiatives(where)
        except BadInitiative as error:
            wrong += str(error).splitlines()
    return sound, wrong


def unknown_measures(initiative: Initiative) -> Iterator[str]:
    """What a file names as a measure and the catalogue lacks: the model alone cannot know it."""
    for group in initiative.working_groups:
        for measure in group.measures:
            if measure not in CATALOGUE:
                yield f"{initiative.slug}/working_groups.toml: {group.slug}.measures: there is no measure {measure}"
    for each in initiative.principles:
        for measure in each.measures:
            if measure not in CATALOGUE:
                yield f"{initiative.slug}/{MAIN}: principles.{each.principle}: there is no measure {measure}"
    for measure in initiative.reference_groups_of:
        if measure not in CATALOGUE:
            yield f"{initiative.slug}/{MAIN}: reference_groups_of: there is no measure {measure}"
