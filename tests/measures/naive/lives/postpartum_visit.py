"""Postpartum visit, from its words."""

from __future__ import annotations

from tests.measures.naive.lives.reading import DAY, Asked, Her, Unit


def units(her: Her, asked: Asked) -> list[Unit]:
    found: list[Unit] = []
    for each in her.deliveries():
        born = each.birth.delivered_on
        seen = any(7 <= (day - born).days <= 84 for day in each.visits)
        standing = "pending" if not asked.past(born + 84 * DAY) else "met" if seen else "unmet"
        found.append((asked.midnight(born + 85 * DAY), standing, None))
    return found
