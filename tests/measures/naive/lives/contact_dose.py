"""Contact dose, from its words: every day of a pregnancy by itself."""

from __future__ import annotations

from datetime import date

from tests.measures.naive.lives.reading import DAY, Asked, Her, Unit


def units(her: Her, asked: Asked) -> list[Unit]:
    found: list[Unit] = []
    for each in her.pregnancies():
        closed = her.closed(each)
        last = each.due if closed is None else min(each.due, asked.day(closed))
        contacts = [contact for contact in her.met() if her.belongs_to(contact, each, asked)]
        months: dict[tuple[int, int], tuple[date, int, int]] = {}
        day = each.known
        while day <= last and asked.past(day):
            first, days, count = months.get((day.year, day.month), (day, 0, 0))
            count += len([contact for contact in contacts if asked.day(contact.at) == day])
            months[day.year, day.month] = (first, days + 1, count)
            day += DAY
        for first, days, count in months.values():
            found.append((asked.midnight(first), "met", count + days / 1_000))
    return found
