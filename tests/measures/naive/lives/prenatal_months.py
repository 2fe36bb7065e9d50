"""Months of pregnancy with a contact, from its words."""

from __future__ import annotations

from tests.measures.naive.lives.reading import DAY, Asked, Her, Unit


def units(her: Her, asked: Asked) -> list[Unit]:
    found: list[Unit] = []
    for each in her.pregnancies():
        closed = her.closed(each)
        last = each.due if closed is None else min(each.due, asked.day(closed))
        for number in range(20):
            days = [each.known + (30 * number + place) * DAY for place in range(30)]
            if days[0] > last or asked.midnight(days[0]) > asked.cutoff:
                continue
            met = any(asked.day(contact.at) in days for contact in her.met() if her.belongs_to(contact, each, asked))
            if days[-1] > last:
                standing = "excluded"
            elif not asked.past(days[-1]):
                standing = "pending"
            else:
                standing = "met" if met else "unmet"
            found.append((asked.midnight(days[0]), standing, None))
    return found
