"""Postpartum visit within 8 weeks, from its words."""

from __future__ import annotations

from tests.measures.naive.lives.reading import DAY, Asked, Her, Unit


def units(her: Her, asked: Asked) -> list[Unit]:
    found: list[Unit] = []
    for each in her.deliveries():
        born = each.birth.delivered_on
        standing = "met" if any(1 <= (day - born).days <= 56 for day in each.visits) else "unmet"
        if not asked.past(born + 56 * DAY):
            standing = "pending"
        if (each.known - born).days > 30:
            standing = "excluded"
        found.append((asked.midnight(born), standing, None))
    return found
