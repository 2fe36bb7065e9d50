"""Owns the comparison of store, log and rows, made anew from what each of them says itself."""

from collections import defaultdict
from collections.abc import Collection
from pathlib import Path
from uuid import UUID

import psycopg

from contracts.initiative import load_initiatives
from services.referrals.publishing import CARE_TOPIC, DIRECTORY_TOPIC, RESTRICTED_TOPIC
from services.referrals.relay import Publisher, positions_of
from services.referrals.store.mapper import FactMapper
from services.referrals.store.pages import Pages
from services.referrals.vault.keys import root_key
from services.referrals.vault.pairwise import LogPseudonyms
from tests.fix_line import Line
from tests.prove.tally import Tally

PARTITIONS = 12
Positions = dict[tuple[str, int], list[int]]


def in_store(line: Line) -> Positions:
    """The position of every event that has to be on the log, by topic and partition, in order."""
    initiatives = load_initiatives(Path(line.settings["CLOSEKNIT_INITIATIVES"]))
    restricted = {slug for slug, initiative in initiatives.items() if initiative.restricted_topic}
    pseudonyms = LogPseudonyms(root_key(Path(line.settings["CLOSEKNIT_KEYS"])))
    publisher, found = Publisher(pseudonyms.of, restricted.__contains__), defaultdict[tuple[str, int], list[int]](list)
    with psycopg.connect(line.settings["CLOSEKNIT_REFERRALS_DSN"], autocommit=True) as connection:
        for event in Pages(connection, FactMapper()).all():
            if outgoing := publisher.outgoing(event, PARTITIONS):
                found[outgoing.record.topic, outgoing.partition].append(outgoing.position)
    return dict(found)


def on_log(line: Line) -> Positions:
    """The position of every record, by topic and partition, in the order of the log."""
    kafka = line.settings["CLOSEKNIT_KAFKA"]
    return {
        (topic, partition): positions
        for topic in (CARE_TOPIC, RESTRICTED_TOPIC, DIRECTORY_TOPIC)
        for partition, positions in positions_of(kafka, topic).items()
        if positions
    }


def in_rows(line: Line) -> Positions:
    """The position of every row of measures, by topic and partition, in the order of offsets."""
    found = defaultdict[tuple[str, int], list[int]](list)
    query = "SELECT topic, partition, position FROM live.facts ORDER BY topic, partition, offset_"
    with psycopg.connect(line.settings["CLOSEKNIT_MEASURES_DSN"], autocommit=True) as connection:
        for topic, partition, position in connection.execute(query):
            found[topic, partition].append(position)
    return dict(found)


def agree(line: Line, tally: Tally, seconds: float = 90.0) -> None:
    """Once everything is in: what is stored is on the log and in the rows, each once, in order."""
    line.settled(seconds)
    wanted, log, rows = in_store(line), on_log(line), in_rows(line)
    for place in wanted.keys() | log.keys() | rows.keys():
        positions = wanted.get(place, [])
        tally.points += len(positions)
        tally.check(log.get(place) == positions, f"{place}: the log is not what the store says")
        tally.check(rows.get(place) == positions, f"{place}: the rows are not what the store says")


def once_each(line: Line, referrals: Collection[UUID], tally: Tally) -> None:
    """Every submit has a referral of its own, and the store says of each exactly once that it was sent."""
    tally.check(len(set(referrals)) == len(referrals), "two submits were answered with the same referral")
    query = "SELECT originator_id, count(*) FROM stored_events WHERE topic = 'referral.sent.v1' GROUP BY 1"
    with psycopg.connect(line.settings["CLOSEKNIT_REFERRALS_DSN"], autocommit=True) as connection:
        found: dict[UUID, int] = dict(connection.execute(query).fetchall())
    for referral in referrals:
        tally.check(found.get(referral) == 1, f"a referral was sent {found.get(referral, 0)} times")


def stored(line: Line, type: str) -> int:
    """How many events of a type there are."""
    with psycopg.connect(line.settings["CLOSEKNIT_REFERRALS_DSN"], autocommit=True) as connection:
        row = connection.execute("SELECT count(*) FROM stored_events WHERE topic = %s", [type]).fetchone()
    return int(row[0]) if row else 0
