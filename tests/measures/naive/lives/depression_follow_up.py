"""Follow-up after a positive depression screening, from its words."""

from __future__ import annotations

from tests.measures.naive.lives.reading import DAY, Asked, Her, Unit, first_positives


def units(her: Her, asked: Asked) -> list[Unit]:
    found: list[Unit] = []
    for at, position, day in first_positives(her, asked):
        followed = [asked.day(each.at) for each in her.met() if "behavioral_health" in her.about(each)]
        for referral, (_, sent) in her.sent().items():
            served = her.connected(referral)
            if sent.category == "behavioral_health" and served is not None:
                followed.append(asked.day(served))
        for when, place, again in her.screenings("epds", "phq_9"):
            if again.result == "negative" and (when, place) > (at, position):
                followed.append(asked.day(when))
        standing = "met" if any(0 <= (each - day).days <= 30 for each in followed) else "unmet"
        found.append((at, standing if asked.past(day + 30 * DAY) else "pending", None))
    return found
