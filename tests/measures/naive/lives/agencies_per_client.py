"""Agencies per client, from its words."""

from __future__ import annotations

from datetime import datetime

from tests.measures.naive.lives.reading import Asked, Her, Unit


def units(her: Her, asked: Asked) -> list[Unit]:
    seen = [(each.at, each.agency) for each in her.met() if asked.since <= each.at < asked.until]
    agencies = set()
    for _, agency in seen:
        agencies.add(agency)
    first: list[datetime] = [at for at, _ in seen][:1]
    return [(at, "met", float(len(agencies))) for at in first]
