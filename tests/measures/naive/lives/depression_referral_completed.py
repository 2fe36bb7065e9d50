"""Completed depression referrals, from its words."""

from __future__ import annotations

from tests.measures.naive.lives.reading import DAY, Asked, Her, Unit, first_positives


def units(her: Her, asked: Asked) -> list[Unit]:
    found: list[Unit] = []
    for at, _, day in first_positives(her, asked):
        referrals = [
            (fact.headers.time, fact.headers.position, sent.referral)
            for fact, sent in her.said("referral.sent.v1")
            if sent.category == "behavioral_health" and sent.mode == "direct"
            if 0 <= (asked.day(fact.headers.time) - day).days <= 30
        ]
        if not referrals:
            found.append((at, "excluded" if asked.past(day + 30 * DAY) else "pending", None))
            continue
        when, _, referral = min(referrals, key=lambda each: each[:2])
        served = her.connected(referral)
        if when + 90 * DAY > asked.cutoff:
            found.append((at, "pending", None))
        else:
            found.append((at, "met" if served is not None and served <= when + 90 * DAY else "unmet", None))
    return found
