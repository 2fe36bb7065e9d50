"""Screened for depression in pregnancy, from its words."""

from __future__ import annotations

from tests.measures.naive.lives.reading import DAY, Asked, Her, Unit


def units(her: Her, asked: Asked) -> list[Unit]:
    found: list[Unit] = []
    for each in her.deliveries():
        born, gestation = each.birth.delivered_on, each.birth.gestational_days
        if gestation is None and each.edd is None:
            found.append((asked.midnight(born), "missing", None))
            continue
        first = each.first if gestation is None else born - gestation * DAY
        standing = "unmet"
        for at, _, said in her.screenings("epds", "phq_2", "phq_9"):
            if said.result != "declined" and first <= asked.day(at) < born:
                standing = "met"
        found.append((asked.midnight(born), standing, None))
    return found
