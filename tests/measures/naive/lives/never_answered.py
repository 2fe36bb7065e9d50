"""Never answered, from its words."""

from __future__ import annotations

from tests.measures.naive.lives.reading import DAY, Asked, Her, Unit

ANSWERS = (
    *("referral.accepted.v1", "referral.declined.v1", "referral.waitlisted.v1", "referral.redirected.v1"),
    *("referral.service_started.v1", "referral.completed.v1", "referral.not_completed.v1"),
)


def units(her: Her, asked: Asked) -> list[Unit]:
    found: list[Unit] = []
    for referral, (at, said) in her.sent().items():
        answered = her.first(referral, *ANSWERS) is not None
        withdrawn = [
            said
            for _, said in her.said("referral.cancelled.v1")
            if said.referral == referral and said.source in {"sender", "client"}
        ]
        if said.mode == "informational" or (withdrawn and not answered):
            standing = "excluded"
        elif at + 30 * DAY > asked.cutoff:
            standing = "pending"
        else:
            standing = "unmet" if answered else "met"
        found.append((at, standing, None))
    return found
