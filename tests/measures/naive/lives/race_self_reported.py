"""Race and ethnicity in her own words, from its words."""

from __future__ import annotations

from tests.measures.naive.lives.reading import Asked, Her, Unit


def units(her: Her, asked: Asked) -> list[Unit]:
    own = [
        (fact.headers.time, fact.headers.position, said)
        for fact, said in her.said("client.demographics_stated.v1")
        if said.source == "self_reported"
    ]
    last = max(own, key=lambda each: each[:2])[2] if own else None
    standing = "met" if last is not None and (last.declined or last.race_ethnicity) else "unmet"
    return [(each.opened, standing, None) for each in her.pregnancies()]
