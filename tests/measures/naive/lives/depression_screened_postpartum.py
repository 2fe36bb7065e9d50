"""Screened for depression after birth, from its words."""

from __future__ import annotations

from tests.measures.naive.lives.reading import DAY, Asked, Her, Unit


def units(her: Her, asked: Asked) -> list[Unit]:
    found: list[Unit] = []
    for each in her.deliveries():
        born = each.birth.delivered_on
        standing = "unmet"
        for at, _, said in her.screenings("epds", "phq_2", "phq_9"):
            if said.result != "declined" and 7 <= (asked.day(at) - born).days <= 84:
                standing = "met"
        if not asked.past(born + 84 * DAY):
            standing = "pending"
        found.append((asked.midnight(born), standing, None))
    return found
