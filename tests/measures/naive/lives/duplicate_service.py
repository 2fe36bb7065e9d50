"""Duplicate service, from its words."""

from __future__ import annotations

from tests.measures.naive.lives.reading import DAY, Asked, Her, Unit


def units(her: Her, asked: Asked) -> list[Unit]:
    reached = [each for each in her.met() if asked.since <= each.at < asked.until]
    if not reached:
        return []
    linked = []
    for _, offer in her.said("handoff.offered.v1"):
        for _, said in her.said("handoff.proposed.v1"):
            if said.handoff == offer.handoff:
                linked.append({said.from_agency, said.to_agency})
    sent = her.sent()
    for _, child in sent.values():
        if child.parent in sent:
            linked.append({sent[child.parent][1].to_agency, child.to_agency})
    for later in reached:
        for earlier in her.met():
            before = (earlier.at, earlier.position) < (later.at, later.position)
            apart = earlier.agency != later.agency and {earlier.agency, later.agency} not in linked
            if before and apart and later.at - earlier.at <= 30 * DAY and her.about(earlier) & her.about(later):
                return [(reached[0].at, "met", None)]
    return [(reached[0].at, "unmet", None)]
