"""Timely prenatal care, from its words."""

from __future__ import annotations

from tests.measures.naive.lives.reading import DAY, Asked, Her, Unit


def units(her: Her, asked: Asked) -> list[Unit]:
    found: list[Unit] = []
    for each in her.deliveries():
        born = each.birth.delivered_on
        first = each.first if each.edd else born - 280 * DAY
        in_time = each.care is not None and ((each.care - first).days <= 104 or (each.care - each.known).days <= 42)
        found.append((asked.midnight(born + 85 * DAY), "met" if in_time else "unmet", None))
    return found
