"""Hops to service: how many referrals it took until she was served, and how often 90 days were not enough.

Who is counted: every search for help that began in the period, once, by the time its first referral was sent. Referrals
belong to one search where they name the same need, where one was passed on as the other, or where one was sent again in
the place of the other. Only direct referrals count.
Numerator: searches in which a service had started, or a referral was completed with service, no later than 90 days
(2,160 hours) after the first referral. For each of them, the hops are the referrals of the search that were sent up to
that moment: the mean, the median, the ninth decile, and how many took 1, 2, 3, or 4 and more. A service that only a
contact or visit showed which was an error (R14) is none.
Denominator: searches whose first referral was sent at least 90 days before the cutoff. Those that are not in the
numerator were not served within 90 days.
Too recent to count (pending): searches whose first referral was sent less than 90 days before the cutoff.
Left out by definition (excluded): searches of clients who said no to being counted, as long as they say so; where an
initiative counts only those who said yes, of everybody else, too (rule R7). Informational referrals are no hops.
Not known (missing): none. A referral of a restricted need is not seen, also where it was passed on as an ordinary one.
How to read it: fewer hops are better, and only together with how many were served at all.
Source: catalogue G11; no national standard.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from services.measures.definitions import of_referrals
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Direction, Kind, Rule, Standing, Unit, matures
from services.measures.domain.path import ReferralPath
from services.measures.domain.person import one_woman as joined

WINDOW: Final = timedelta(days=90)
SERVED: Final = Rule("served", Standing.MET, "served within 90 days of the first referral")
NOT_SERVED: Final = Rule("not_served", Standing.UNMET, "not served within 90 days of the first referral")
TOO_RECENT: Final = Rule("too_recent", Standing.PENDING, "begun less than 90 days before the cutoff")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a search for help, with the referrals that it took."""
    for search in _searches(journey):
        first, began = min(((id, sent) for id, (_, sent) in search.items()), key=lambda each: (each[1], each[0]))
        rule, hops = _hops(search, began, as_of.cutoff)
        sides = {agency: None for path, _ in search.values() for agency in of_referrals.sides(path)}
        path, _ = search[first]
        yield Unit(began, rule, first, path.category, path.channel, agencies=tuple(sides), size=hops)


Search = Mapping[UUID, tuple[ReferralPath, datetime]]
"""The referrals of one search by their ids, each with when it was sent."""


def _hops(search: Search, began: datetime, cutoff: datetime) -> tuple[Rule, float | None]:
    if not matures(began, WINDOW, cutoff):
        return TOO_RECENT, None
    served = min((path.connected.at for path, _ in search.values() if path.connected is not None), default=None)
    if served is None or served - began > WINDOW:
        return NOT_SERVED, None
    return SERVED, float(max(1, sum(sent <= served for _, sent in search.values())))


def _searches(journey: Journey) -> Iterator[Search]:
    """The direct referrals of a client, those together that are one search."""
    direct = {id: (path, sent) for id, path, sent in of_referrals.sent(journey) if path.mode != "informational"}
    links = [(str(id), f"need {path.need}") for id, (path, _) in direct.items() if path.need is not None]
    for id, (path, _) in direct.items():
        links += [(str(id), str(other)) for other in (path.parent, path.supersedes) if other in direct]
    least = joined(links)
    searches: dict[str, dict[UUID, tuple[ReferralPath, datetime]]] = {}
    for id, each in direct.items():
        searches.setdefault(least.get(str(id), str(id)), {})[id] = each
    yield from searches.values()


DEFINITION: Final = Definition(
    id="hops_to_service",
    version=1,
    title="Referrals until she was served",
    of="searches for help",
    text=__doc__,
    note="Searches for help by the day their first direct referral was sent. Restricted needs are left out.",
    anchor="ours",
    assess=assess,
    rules=(SERVED, NOT_SERVED, TOO_RECENT),
    by=of_referrals.BY,
    kind=Kind.DISTRIBUTION,
    direction=Direction.FEWER,
    bands=(1.0, 2.0, 3.0),
    least=1.0,
    window=WINDOW,
)
