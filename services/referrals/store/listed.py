"""Owns the statements by which a work list and its counts are read off the work index, and what is left out of both."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final, LiteralString

from psycopg import sql

from services.referrals.store.question_row import NOT_MOOT
from services.referrals.store.quiet import NOT_QUIET
from services.referrals.store.resting import RESTED_ON

ROWS: Final[LiteralString] = (
    "SELECT kind, id, initiative, client_id, from_agency, to_agency, state, version, sent_at, category, service,"
    " domain, priority, mode, due_at, waits_for, waits_on, receiver_until, watched_by, fires,"
    " fires_at, subject, held_by"
    " FROM work_index "
)
LISTED: Final[LiteralString] = NOT_QUIET + NOT_MOOT + RESTED_ON
"""What is listed of what waits."""
COUNTED: Final[LiteralString] = (
    "SELECT waits_for, count(*), count(*) FILTER (WHERE due_at < %(now)s) FROM work_index"  # noqa: S608 - literals
    " WHERE initiative = %(initiative)s AND waits_on = %(agency)s" + LISTED + " GROUP BY waits_for"
)
MINE: Final[LiteralString] = (
    "(from_agency = %(agency)s OR (to_agency = %(agency)s AND receiver_until IS DISTINCT FROM 0))"
)
"""Whose row it is: the sender's from the first, the receiver's once it was asked (receiver_until 0 is not yet)."""
# What others do is looked for among all that is due at somebody's (OFFSET 0), not among all that the agency ever sent.
NEXT_DUE: Final[LiteralString] = (
    "SELECT coalesce((SELECT due_at FROM work_index WHERE initiative = %(initiative)s"  # noqa: S608 - literals
    " AND waits_on = %(agency)s AND due_at > %(now)s" + LISTED + " ORDER BY due_at, id LIMIT 1),"
    " (SELECT due_at FROM (SELECT * FROM work_index WHERE waits_on IS NOT NULL AND due_at > %(now)s OFFSET 0)"
    " work_index WHERE initiative = %(initiative)s AND " + MINE + LISTED + " ORDER BY due_at LIMIT 1))"
)
_AMONG: Final[LiteralString] = "(SELECT * FROM unnest(%(among)s::uuid[], %(among_for)s::text[]))"
_WITHOUT: Final[LiteralString] = "(SELECT * FROM unnest(%(without)s::uuid[], %(without_for)s::text[]))"
NARROWED: Final[Mapping[str, LiteralString]] = MappingProxyType(
    {
        "waits_for": " AND waits_for = %(waits_for)s",
        "overdue": " AND due_at < %(now)s",
        "among": " AND (id, waits_for) IN " + _AMONG,
        "without": " AND (id, waits_for) NOT IN " + _WITHOUT,
        "after": " AND (coalesce(due_at, 'infinity'), id)"
        " > (coalesce(%(since)s::timestamptz, 'infinity'), %(after)s::uuid)",
    }
)
"""What a page can be narrowed to, by its parameter."""


def page(narrowed: Collection[str], limit: int) -> sql.Composed:
    """The rows of one page. What is not asked for is not said, and the limit is a number: so one plan serves whoever
    asks, and PostgreSQL does not plan anew each time.
    """
    wanted = sql.SQL("").join(sql.SQL(condition) for name, condition in NARROWED.items() if name in narrowed)
    return _PAGE.format(wanted=wanted, limit=sql.Literal(limit))


# Which rows these are is read off the index alone, however many wait.
_PAGE: Final = sql.SQL(
    ROWS + "WHERE id = ANY (ARRAY(SELECT id FROM work_index"  # noqa: S608 - literals of our own
    " WHERE initiative = %(initiative)s AND waits_on = %(agency)s"
    + LISTED
    + "{wanted} ORDER BY due_at NULLS LAST, id LIMIT {limit})) ORDER BY due_at NULLS LAST, id"
)
