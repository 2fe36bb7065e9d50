"""Owns how a new initiative's folder is begun: four commented files that pass the check, in which nobody is real."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from string import Template
from typing import Final

from contracts.initiative import BadInitiative, load_initiatives
from contracts.initiative.files import FILES
from deploy.closeknit.initiative_check import checked

PATTERNS: Final = Path(__file__).with_name("new_initiative")
SCHEMAS: Final = Path(__file__).parents[2] / "contracts" / "initiative" / "schemas"
SECOND_WINDOW: Final = 5
"""How many years after the first of two windows of three years the second ends."""
BACKBONE: Final = "Example Backbone Organisation"


def begin(root: Path, slug: str, said: Mapping[str, str], today: date) -> list[str]:
    """Writes the folder `slug` under `root`; what is wrong with it, in which case nothing is left there.

    `said`: name, place, zone, and backbone where it is known. Raises FileExistsError where the folder is there.
    """
    folder = root / slug
    folder.mkdir(parents=True)
    values = _values(folder, slug, said, today)
    for name in FILES:
        pattern = Template((PATTERNS / name).read_text(encoding="utf-8"))
        (folder / name).write_text(pattern.substitute(values), encoding="utf-8")
    wrong = checked(folder)[1] or _beside_the_others(root)
    if wrong:
        shutil.rmtree(folder)
    return wrong


def _values(folder: Path, slug: str, said: Mapping[str, str], today: date) -> dict[str, str]:
    texts = {
        "name": said["name"],
        "place": said["place"],
        "zone": said["zone"],
        "backbone": said.get("backbone", BACKBONE),
        "about_en": f"A collaborative for healthy pregnancies in {said['place']}.",
        "about_es": f"Una colaboración por embarazos sanos en {said['place']}.",
    }
    return {
        **{name: _quoted(text) for name, text in texts.items()},
        "slug": slug,
        "comment": "".join(letter for letter in " ".join(said["name"].split()) if letter.isprintable()),
        "schemas": os.path.relpath(SCHEMAS, folder.resolve()),
        "year": str(today.year),
        "target_year": str(today.year + SECOND_WINDOW),
    }


def _quoted(text: str) -> str:
    """A TOML basic string: it escapes as JSON does, and the delete character besides."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _beside_the_others(root: Path) -> list[str]:
    try:
        load_initiatives(root)
    except BadInitiative as error:
        return str(error).splitlines()
    return []
