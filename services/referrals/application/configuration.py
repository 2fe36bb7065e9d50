"""The initiative's configuration as the ground of the directory: it loads what is not there, and an edit stands.

An entry that nobody edited or imported follows its file; one that somebody did stands, whatever the file says. What is
gone from the files is left as it stands: nothing of the log is taken back by a missing line.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import Final
from uuid import UUID

import psycopg
from psycopg.rows import TupleRow

from contracts.initiative import Initiative
from services.referrals.application.acting import BACKBONE
from services.referrals.application.identifiers import new_id
from services.referrals.directory.entries import configured
from services.referrals.domain.directory import (
    AgencyStated,
    ServiceStated,
    agency_stream,
    service_stream,
)
from services.referrals.domain.vocabulary import Origin
from services.referrals.store.bulk import append_batch
from services.referrals.store.commit import Commit, Stored
from services.referrals.store.directory_log import whole_directory
from services.referrals.store.mapper import FactMapper
from services.referrals.store.written import Envelope, Written
from services.runtime.clock import Clock

ACTOR: Final = "configuration"


def load(
    connection: psycopg.Connection[TupleRow], initiatives: Iterable[Initiative], clock: Clock, mapper: FactMapper
) -> int:
    """Bring the store to where the files stand; how many entries were said anew. Again, it is none.

    Two that load at once say each entry once: the other one's find it there. `connection` is in autocommit.
    """
    standing = {event.stream: event for event in whole_directory(connection, mapper)}
    correlation = new_id()
    commits = [
        Commit((Written(stream, version + 1, fact, _envelope(initiative, stream, clock, correlation)),))
        for initiative in initiatives
        for stream, version, fact in _differing(initiative, standing)
    ]
    return sum(isinstance(outcome, Stored) for outcome in append_batch(connection, commits, mapper))


def _differing(
    initiative: Initiative, standing: dict[UUID, Written]
) -> Iterator[tuple[UUID, int, AgencyStated | ServiceStated]]:
    for fact in configured(initiative):
        stream = stream_of(initiative.slug, fact)
        known = standing.get(stream)
        if known is None:
            yield stream, 0, fact
            continue
        stands = known.fact
        files_own = isinstance(stands, AgencyStated | ServiceStated) and stands.origin is Origin.CONFIGURATION
        if files_own and stands != fact:
            yield stream, known.version, fact


def stream_of(initiative: str, fact: AgencyStated | ServiceStated) -> UUID:
    """The stream of an entry."""
    if isinstance(fact, AgencyStated):
        return agency_stream(initiative, fact.agency)
    return service_stream(initiative, fact.service)


def _envelope(initiative: Initiative, stream: UUID, clock: Clock, correlation: UUID) -> Envelope:
    now = clock.now().astimezone(UTC)
    return Envelope(
        event_id=new_id(),
        client_id=stream,
        agency=BACKBONE,
        initiative=initiative.slug,
        occurred_at=now,
        actor=ACTOR,
        correlation=correlation,
    )
