"""First-trimester entry, from its words."""

from __future__ import annotations

from tests.measures.naive.lives.reading import Asked, Her, Unit


def units(her: Her, asked: Asked) -> list[Unit]:
    found: list[Unit] = []
    done = []
    for contact in her.met():
        pregnancy = her.belongs(contact, asked)
        if pregnancy is None or pregnancy.ids in done:
            continue
        done.append(pregnancy.ids)
        day = asked.day(contact.at)
        days = None if pregnancy.edd is None else 280 - (pregnancy.edd - day).days
        if day > pregnancy.due:
            found.append((contact.at, "excluded", None))
        elif days is None or days < 0:
            found.append((contact.at, "missing", None))
        else:
            found.append((contact.at, "met" if days <= 97 else "unmet", None))
    return found
