"""Need met in her words, from its words."""

from __future__ import annotations

from tests.measures.naive.lives.reading import Asked, Her, Unit

ENDS = (
    *("referral.completed.v1", "referral.declined.v1", "referral.not_completed.v1", "referral.cancelled.v1"),
    *("referral.expired.v1", "referral.redirected.v1"),
)


def units(her: Her, asked: Asked) -> list[Unit]:
    found: list[Unit] = []
    for fact, question in her.said("feedback.asked.v1"):
        if question.referral not in her.sent() or her.first(question.referral, *ENDS) is None:
            continue
        at = fact.headers.time
        answers = [
            (fact, said) for fact, said in her.said("feedback.answered.v1") if said.feedback == question.feedback
        ]
        word = answers[0][1].need_met if answers else None
        if her.connected(question.referral) is None:
            standing = "excluded"
        elif word is None:
            standing = "missing"
        else:
            standing = "met" if word == "yes" else "unmet"
        found.append((at, standing, None))
    return found
