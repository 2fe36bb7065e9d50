"""Need met in her words, from its words."""

from __future__ import annotations

from tests.measures.naive.lives.reading import Asked, Her, Unit, voices


def units(her: Her, asked: Asked) -> list[Unit]:
    found: list[Unit] = []
    for at, referral, answers in voices(her):
        word = answers[0][1].need_met if answers else None
        if her.connected(referral) is None:
            standing = "excluded"
        elif word is None:
            standing = "missing"
        else:
            standing = "met" if word == "yes" else "unmet"
        found.append((at, standing, None))
    return found
