"""What came late between two releases: of the time that one is about, written down after its cutoff, by the other's.

It says why what is known of that time has changed. It is a count of facts and no figure of a measure, but small numbers
are kept as R24 keeps them, and no difference between two such counts can be read to less than ten.
"""

from __future__ import annotations

from typing import Any, Final

from psycopg import Connection

from services.measures.domain.behind import CLIENTS, SMALL, Behind
from services.measures.domain.journey import MOVED_BY
from services.measures.releases.ledger import Release
from services.measures.store.journeys import ordinary_topics

ROUNDED_TO: Final = 10
_LATE: Final = (
    "SELECT agency, count(*), count(DISTINCT subject) FROM live.facts WHERE initiative = %(initiative)s"
    " AND recorded_at > %(after)s AND recorded_at <= %(cutoff)s AND position <= %(last_position)s"
    " AND occurred_at >= %(since)s AND occurred_at < %(until)s AND topic = ANY(%(topics)s) AND type = ANY(%(types)s)"
    " GROUP BY GROUPING SETS ((agency), ())"
)


def late(connection: Connection[Any], one: Release, other: Release) -> int | None:
    """At least so many facts, in whole tens, of the time of the release whose cutoff is the earlier; None: too few.

    Restricted facts (R6) are not among them. Both are releases of one initiative.
    """
    before, after = sorted((one, other), key=lambda release: release.cutoff)
    values = {
        "initiative": before.initiative,
        "after": before.cutoff,
        "cutoff": after.cutoff,
        "last_position": max(before.last_position, after.last_position),
        "since": before.span.since,
        "until": before.span.until,
        "topics": list(ordinary_topics()),
        "types": sorted(MOVED_BY),
    }
    rows = connection.execute(_LATE, values).fetchall()
    [(facts, clients)] = [(facts, clients) for agency, facts, clients in rows if agency is None]
    return told(Behind(facts, {agency: facts for agency, facts, _ in rows if agency is not None}), clients)


def told(facts: Behind, clients: int) -> int | None:
    """What may be said of so many facts, behind which stand agencies and so many clients."""
    if not facts.units:
        return 0
    if facts.units <= SMALL or clients < CLIENTS or facts.is_one_agencys:
        return None
    return facts.units - facts.units % ROUNDED_TO
