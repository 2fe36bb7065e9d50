"""Answers to how it went, from its words."""

from __future__ import annotations

from tests.measures.naive.lives.reading import DAY, Asked, Her, Unit

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
        in_time = [said for fact, said in answers if fact.headers.time - at <= 30 * DAY and not said.declined]
        standing = "met" if in_time else "unmet"
        found.append((at, standing if at + 30 * DAY <= asked.cutoff else "pending", None))
    return found
