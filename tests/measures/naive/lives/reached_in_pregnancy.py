"""Reached in pregnancy, from its words."""

from __future__ import annotations

from tests.measures.naive.lives.reading import Asked, Her, Unit


def units(her: Her, asked: Asked) -> list[Unit]:
    found: list[Unit] = []
    for contact in her.met():
        pregnancy = her.belongs(contact, asked)
        if pregnancy is not None and pregnancy.first <= asked.day(contact.at) <= pregnancy.due:
            found.append((contact.at, "met", None))
    return found
