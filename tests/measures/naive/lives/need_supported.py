"""Need to support, from its words."""

from __future__ import annotations

from tests.measures.naive.lives.reading import DAY, Asked, Her, Unit

DOMAINS = {
    "food-insecurity": "food",
    "housing-instability": "housing",
    "homelessness": "housing",
    "inadequate-housing": "housing",
    "transportation-insecurity": "ride",
}


def units(her: Her, asked: Asked) -> list[Unit]:
    found: list[Unit] = []
    for domain in ("food", "housing", "ride"):
        asks = [
            (fact.headers.time, fact.headers.position)
            for fact, said in her.said("need.screened.v1")
            if said.result == "positive" and DOMAINS.get(said.category) == domain
        ]
        if not asks:
            continue
        at = min(asks)[0]
        day = asked.day(at)
        helped = []
        for contact in her.contacts():
            if contact.served and any(DOMAINS.get(each) == domain for each in her.about(contact)):
                helped.append(asked.day(contact.at))
        for referral, (_, said) in her.sent().items():
            served = her.connected(referral)
            if served is not None and DOMAINS.get(said.category) == domain:
                helped.append(asked.day(served))
        if not asked.past(day + 30 * DAY):
            found.append((at, "pending", None))
        elif any(0 <= (each - day).days <= 30 for each in helped):
            found.append((at, "met", None))
        else:
            found.append((at, "unmet", None))
    return found
