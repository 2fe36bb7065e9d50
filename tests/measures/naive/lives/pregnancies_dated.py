"""Pregnancies with a due date, from its words."""

from __future__ import annotations

from tests.measures.naive.lives.reading import Asked, Her, Unit


def units(her: Her, asked: Asked) -> list[Unit]:
    found: list[Unit] = []
    for each in her.pregnancies():
        found.append((each.opened, "met" if each.edd is not None else "unmet", None))
    return found
