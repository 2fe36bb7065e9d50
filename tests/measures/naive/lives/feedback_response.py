"""Answers to how it went, from its words."""

from __future__ import annotations

from tests.measures.naive.lives.reading import DAY, Asked, Her, Unit, voices


def units(her: Her, asked: Asked) -> list[Unit]:
    found: list[Unit] = []
    for at, _, answers in voices(her):
        in_time = [said for when, said in answers if when - at <= 30 * DAY and not said.declined]
        standing = "met" if in_time else "unmet"
        found.append((at, standing if at + 30 * DAY <= asked.cutoff else "pending", None))
    return found
