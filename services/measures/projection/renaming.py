"""Whether two schemas say the same of the same people, who have other names in one than in the other."""

from __future__ import annotations

from typing import Final, LiteralString

from psycopg import sql

from contracts.topic import of_clients
from services.measures.store.journeys import LINKED_BY
from services.runtime.postgres import Connection

_OTHERWISE: Final[LiteralString] = (
    "SELECT count(*) FROM {old} AS old LEFT JOIN {new} AS new USING (event_id) WHERE old.topic = ANY(%(topics)s) AND ("
    " new.position IS DISTINCT FROM old.position OR new.topic IS DISTINCT FROM old.topic"
    " OR new.type IS DISTINCT FROM old.type OR new.agency IS DISTINCT FROM old.agency"
    " OR new.initiative IS DISTINCT FROM old.initiative OR new.occurred_at IS DISTINCT FROM old.occurred_at"
    " OR new.recorded_at IS DISTINCT FROM old.recorded_at"
    " OR (old.type <> ALL(%(linking)s) AND new.data::text IS DISTINCT FROM old.data::text))"
)
_NAMES: Final[LiteralString] = (
    "WITH said AS ("
    " SELECT old.initiative, old.subject AS one, new.subject AS other"
    " FROM {old} AS old JOIN {new} AS new USING (event_id) WHERE old.topic = ANY(%(topics)s)"
    " UNION SELECT old.initiative, old.data->>'other', new.data->>'other'"
    " FROM {old} AS old JOIN {new} AS new USING (event_id) WHERE old.type = ANY(%(linking)s))"
    " SELECT (SELECT count(*) FROM said)"
    " - least(count(DISTINCT (initiative, one)), count(DISTINCT (initiative, other))) FROM said"
)
"""Two names of one, or one name of two: 0 where each name became one other."""


def differing(connection: Connection, schema: str, before: str) -> int:
    """Facts of clients that the schema before has and the new one has not, or otherwise but for the names in it; and
    names that did not become one other each."""
    new, old = (sql.Identifier(each, "facts") for each in (schema, before))
    values = {"topics": of_clients(), "linking": LINKED_BY}
    counts = [
        connection.execute(sql.SQL(query).format(new=new, old=old), values).fetchone() for query in (_OTHERWISE, _NAMES)
    ]
    return sum(int(found[0]) for found in counts if found)
