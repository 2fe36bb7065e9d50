"""Uncovered days, from its words: every day of a pregnancy and the year after it by itself."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.measures.naive.lives.reading import DAY, Asked, Her, Unit
from tests.measures.published import Fact


def units(her: Her, asked: Asked) -> list[Unit]:
    found: list[Unit] = []
    for each in her.pregnancies():
        closed = her.closed(each)
        last = each.due + 365 * DAY
        last = last if closed is None else min(last, asked.day(closed))
        months: dict[tuple[int, int], tuple[date, int, int]] = {}
        day = each.known
        while day <= last and asked.past(day):
            first, days, bare = months.get((day.year, day.month), (day, 0, 0))
            leaders = {agency for episode in each.ids for agency in leading(her, episode, day, asked)}
            seen = any(
                contact.agency in leaders and 0 <= (day - asked.day(contact.at)).days < 21 for contact in her.met()
            )
            months[day.year, day.month] = (first, days + 1, bare + (not seen))
            day += DAY
        for first, days, bare in months.values():
            found.append((asked.midnight(first), "met", bare + days / 1_000))
    return found


def leading(her: Her, episode: object, day: date, asked: Asked) -> set[str]:
    """Who led the coordination of an entry at some time of a day."""
    over = [
        asked.day(fact.headers.time)
        for fact, said in her.said("episode.closed.v1", "episode.superseded.v1")
        if said.episode == episode
    ]
    if over and day > min(over):
        return set()
    changes: list[tuple[Fact, Any]] = [
        (fact, said)
        for fact, said in her.said("responsibility.assigned.v1", "responsibility.left.v1")
        if said.episode == episode and said.domain == "primary_care_coordination"
    ]
    changes.sort(key=lambda change: (change[0].headers.time, change[0].headers.position))
    leader: str | None = None
    found: set[str] = set()
    for fact, said in changes:
        if asked.day(fact.headers.time) > day:
            break
        if asked.day(fact.headers.time) == day and leader is not None:
            found.add(leader)
        if fact.headers.type == "responsibility.assigned.v1":
            leader = said.agency
        elif leader == said.agency:
            leader = None
        if asked.day(fact.headers.time) == day and leader is not None:
            found.add(leader)
    return found | ({leader} if leader is not None else set())
