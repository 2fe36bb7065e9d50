"""Referral after violence was found, from its words."""

from __future__ import annotations

from tests.measures.naive.lives.reading import DAY, Asked, Her, Unit


def units(her: Her, asked: Asked) -> list[Unit]:
    found: list[Unit] = []
    done = []
    for at, _, said in her.screenings("ipv", "prapare_safety"):
        day = asked.day(at)
        pregnancy = her.on(day)
        if said.result != "positive" or pregnancy is None or pregnancy.ids in done:
            continue
        done.append(pregnancy.ids)
        given = [asked.day(each.at) for each in her.met() if "intimate-partner-violence" in her.about(each)]
        for sent, referral in her.sent().values():
            if referral.category == "intimate-partner-violence":
                given.append(asked.day(sent))
        if (day - pregnancy.known).days > 183:
            standing = "excluded"
        elif not asked.past(day + 30 * DAY):
            standing = "pending"
        else:
            standing = "met" if any(0 <= (each - day).days <= 30 for each in given) else "unmet"
        found.append((at, standing, None))
    return found
