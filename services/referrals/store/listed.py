"""Owns the statements by which a work list and its counts are read off the work index, and what is left out of both."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final, Literal, LiteralString

from psycopg import sql

from services.referrals.store.quiet import NOT_QUIET
from services.referrals.store.resting import RESTED_ON

ROWS: Final[LiteralString] = (
    "SELECT kind, id, initiative, client_id, from_agency, to_agency, state, version, sent_at, category, service,"
    " domain, priority, mode, due_at, waits_for, waits_on, receiver_until, watched_by, fires,"
    " fires_at, subject, held_by, consent, restricted"
    " FROM work_index "
)
NOT_MOOT: Final[LiteralString] = " AND NOT moot"
"""Leaves out questions about what has been answered, or has ended: nobody has to answer them any more."""
LISTED: Final[LiteralString] = NOT_MOOT + NOT_QUIET + RESTED_ON
"""What is listed of what waits."""
COUNTED: Final[LiteralString] = (
    "SELECT waits_for, count(*), count(*) FILTER (WHERE due_at < %(now)s) FROM work_index"  # noqa: S608 - literals
    " WHERE initiative = %(initiative)s AND waits_on = %(agency)s" + LISTED + " GROUP BY waits_for"
)
MINE: Final[LiteralString] = (
    "(from_agency = %(agency)s OR (to_agency = %(agency)s AND receiver_until IS DISTINCT FROM 0))"
)
"""Whose row it is: the sender's from the first, the receiver's once it was asked (receiver_until 0 is not yet)."""
Box = Literal["inbox", "outbox"]
Boxable = Literal["referral", "handoff"]
"""Kinds that lie in boxes; the indexes of both hold these alone."""
_BOXES: Final[Mapping[Box, LiteralString]] = MappingProxyType(
    {
        "inbox": "to_agency = %(agency)s AND receiver_until IS DISTINCT FROM 0",
        "outbox": "from_agency = %(agency)s",
    }
)
# What others do is looked for among all that is due at somebody's, not among all that the agency ever sent.
NEXT_DUE: Final[LiteralString] = (
    "SELECT coalesce((SELECT due_at FROM work_index WHERE initiative = %(initiative)s"  # noqa: S608 - literals
    " AND waits_on = %(agency)s AND due_at > %(now)s" + LISTED + " ORDER BY due_at, id LIMIT 1),"
    " (SELECT due_at FROM work_index WHERE initiative = %(initiative)s AND waits_on IS NOT NULL AND due_at > %(now)s"
    " AND " + MINE + LISTED + " ORDER BY due_at LIMIT 1))"
)
_AMONG: Final[LiteralString] = "(SELECT * FROM unnest(%(among)s::uuid[], %(among_for)s::text[]))"
_WITHOUT: Final[LiteralString] = "(SELECT * FROM unnest(%(without)s::uuid[], %(without_for)s::text[]))"
Narrowing = Mapping[str, LiteralString]
"""What a list can be narrowed to: a condition by its parameter."""
WAITING: Final[Narrowing] = MappingProxyType(
    {
        "waits_for": " AND waits_for = %(waits_for)s",
        "overdue": " AND due_at < %(now)s",
        "among": " AND (id, waits_for) IN " + _AMONG,
        "without": " AND (id, waits_for) NOT IN " + _WITHOUT,
        "after": " AND (coalesce(due_at, 'infinity'), id)"
        " > (coalesce(%(since)s::timestamptz, 'infinity'), %(after)s::uuid)",
    }
)
BOXED: Final[Narrowing] = MappingProxyType(
    {
        "states": " AND state = ANY (%(states)s)",
        "category": " AND category = %(category)s",
        "clients": " AND client_id = ANY (%(clients)s)",
        "overdue": " AND due_at < %(now)s",
        "after": " AND sent_at <= %(since)s AND (sent_at < %(since)s OR id > %(after)s::uuid)",
    }
)


def waiting(asked: Collection[str], limit: int) -> sql.Composed:
    """The rows of one page of what waits, narrowed to what is asked for by its parameters."""
    return _PAGE.format(wanted=_narrowed(WAITING, asked), limit=sql.Literal(limit))


def boxed(box: Box | None, kind: Boxable, asked: Collection[str], limit: int) -> sql.Composed:
    """The same of what came or of what was sent; of both as the first so many of each."""
    said = {"kind": sql.Literal(kind), "wanted": _narrowed(BOXED, asked), "limit": (most := sql.Literal(limit))}
    first = {name: _BOX.format(mine=sql.SQL(mine), **said) for name, mine in _BOXES.items()}
    return _ROWS_OF.format(ids=first[box] if box else sql.SQL(" UNION ").join(first.values()), limit=most)


def _narrowed(narrowing: Narrowing, asked: Collection[str]) -> sql.Composable:
    """What is not asked for is not said, and the limit is a number: one plan is good for whatever values come."""
    return sql.SQL("").join(sql.SQL(condition) for name, condition in narrowing.items() if name in asked)


# Which rows these are is read off the index alone, however many wait.
_PAGE: Final = sql.SQL(
    ROWS + "WHERE id = ANY (ARRAY(SELECT id FROM work_index"  # noqa: S608 - literals of our own
    " WHERE initiative = %(initiative)s AND waits_on = %(agency)s"
    + LISTED
    + "{wanted} ORDER BY due_at NULLS LAST, id LIMIT {limit})) ORDER BY due_at NULLS LAST, id"
)
_BOX: Final = sql.SQL(
    "(SELECT id FROM work_index WHERE initiative = %(initiative)s AND kind = {kind} AND {mine}{wanted}"
    " ORDER BY sent_at DESC, id LIMIT {limit})"
)
_ROWS_OF: Final = sql.SQL(ROWS + "WHERE id = ANY (ARRAY({ids})) ORDER BY sent_at DESC, id LIMIT {limit}")
