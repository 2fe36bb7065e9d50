"""Preterm birth in the programme, from its words."""

from __future__ import annotations

from tests.measures.naive.lives.reading import Asked, Her, Unit


def units(her: Her, asked: Asked) -> list[Unit]:
    found: list[Unit] = []
    for each in her.deliveries():
        born, gestation = each.birth.delivered_on, each.birth.gestational_days
        if gestation is None and each.edd is not None:
            gestation = 280 - (each.edd - born).days
        if born < each.known:
            standing = "excluded"
        elif gestation is None:
            standing = "missing"
        elif gestation - (born - each.known).days >= 259:
            standing = "excluded"
        else:
            standing = "met" if gestation < 259 else "unmet"
        found.append((asked.midnight(born), standing, None))
    return found
