"""The relay on the real PostgreSQL and Kafka: the log is what the store says, whatever happens in between."""

import threading
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest
from uuid_utils.compat import uuid7

from deploy.local import kafka, ports
from services.referrals.publishing import CARE_TOPIC, RESTRICTED_TOPIC
from services.referrals.relay import LogDamaged, loop
from services.referrals.store.bulk import append_batch
from services.referrals.vault.keys import ensure_root_key
from services.referrals.vault.pairwise import LogPseudonyms
from services.runtime.kafka import Producer, Sent, producer
from services.runtime.worker import Lifecycle, read_heartbeat
from tests.condition import until
from tests.fix_servers import Databases
from tests.prove.relay_process import killed, started
from tests.referrals.relay.log import MAPPER, Scene, compare, fresh_topics, invented_pseudonym, read, stored
from tests.referrals.store.commits import CLINIC, SENT, Story

# kafka-python now and then leaves a socket to the garbage collector: it is collected where it is no failure.
pytestmark = [pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"), pytest.mark.usefixtures("tidied")]


def test_everything_published_is_on_the_log_once_and_in_order(scene: Scene) -> None:
    stored(scene.dsn, 60)
    with scene.relaying():
        scene.arrived()
        stored(scene.dsn, 30)
        scene.arrived()
    wanted = scene.expected()
    assert {topic for topic, _ in wanted} == {CARE_TOPIC, RESTRICTED_TOPIC}
    assert sum(map(len, wanted.values())) == 90 * 4  # the fifth of each is stored only


def test_a_client_is_on_one_partition_under_her_pseudonym(scene: Scene) -> None:
    story, other = Story(), Story(initiative="expecting-justice-sf")
    commits = [story.tell(uuid7(), SENT, CLINIC) for _ in range(5)] + [other.tell(uuid7(), SENT, CLINIC)]
    with psycopg.connect(scene.dsn, autocommit=True) as connection:
        append_batch(connection, commits, MAPPER)
    with scene.relaying():
        scene.arrived()
    places = [place for place, records in read(scene.kafka, [CARE_TOPIC]).items() for _ in records]
    assert len(set(places)) <= 2
    keys = {record.key for records in read(scene.kafka, [CARE_TOPIC]).values() for record in records}
    assert keys == {invented_pseudonym(each.initiative, each.client).encode() for each in (story, other)}


def test_what_is_restricted_stays_in_the_store_where_the_topic_is_off(scene: Scene) -> None:
    scene.restricted = False
    stored(scene.dsn, 9)
    with scene.relaying():
        scene.arrived()
    assert read(scene.kafka, [RESTRICTED_TOPIC]) == {}


def test_a_restart_goes_on_behind_what_is_there(scene: Scene) -> None:
    for _ in range(3):
        stored(scene.dsn, 10)
        with scene.relaying():
            scene.arrived()


def test_a_lost_checkpoint_costs_reading_and_no_record(scene: Scene) -> None:
    stored(scene.dsn, 20)
    with scene.relaying():
        scene.arrived()
    with psycopg.connect(scene.dsn, autocommit=True) as connection:
        connection.execute("UPDATE relay_checkpoint SET position = 0")
    stored(scene.dsn, 5)
    with scene.relaying():
        scene.arrived()


def test_a_page_is_sent_when_the_one_before_it_was_acknowledged(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    open_when_sent: list[int] = []

    def watched(*given: Any, **settings: Any) -> Producer:
        made, sent = producer(*given, **settings), list[Any]()
        send = made.send

        def counted(*record: Any, **place: Any) -> Sent:
            open_when_sent.append(sum(not each.is_done for each in sent))
            sent.append(send(*record, **place))
            return cast(Sent, sent[-1])

        monkeypatch.setattr(made, "send", counted)
        return made

    monkeypatch.setattr(loop, "PAGE", 10)
    monkeypatch.setattr(loop, "producer", watched)
    stored(scene.dsn, 20)
    with scene.relaying():
        scene.arrived()
    assert len(open_when_sent) == 20 * 4
    assert 0 < max(open_when_sent) < 10


def test_of_two_relays_one_leads_and_the_other_follows_on(scene: Scene, tmp_path: Path) -> None:
    stored(scene.dsn, 10)
    first, second = Lifecycle(tmp_path / "first"), Lifecycle(tmp_path / "second")
    threads = []
    try:
        for lifecycle in (first, second):
            threads.append(threading.Thread(target=scene.relay(lifecycle).run))
            threads[-1].start()
            until(lambda: _state(tmp_path / "first") == "working")
        until(lambda: _state(tmp_path / "second") == "waiting")
        scene.arrived()
        first.stop()
        threads[0].join(20)
        stored(scene.dsn, 10)
        scene.arrived()
        assert _state(tmp_path / "second") == "working"
    finally:
        first.stop()
        second.stop()
        for thread in threads:
            thread.join(20)


def _state(path: Path) -> str | None:
    heartbeat = read_heartbeat(path)
    return heartbeat.state if heartbeat else None


def test_a_hole_in_the_log_stops_the_relay(scene: Scene) -> None:
    """As if an earlier relay had left one out: the next one says so and sends nothing on top."""
    stored(scene.dsn, 20)
    wanted = scene.expected()
    place = max(wanted, key=lambda each: len(wanted[each]) if each[0] == CARE_TOPIC else 0)
    made = producer(scene.kafka, "test-hole")
    gone = wanted[place][1]
    for outgoing in wanted[place]:
        if outgoing is not gone:
            record = outgoing.record
            made.send(record.topic, record.value, record.key, record.headers, partition=outgoing.partition).get(10)
    made.close()
    with scene.relaying():
        until(lambda: scene.failures)
    [failure] = scene.failures
    assert isinstance(failure, LogDamaged)
    assert f"position {gone.position} is missing" in str(failure)


def test_a_record_that_is_not_ours_stops_the_relay(scene: Scene) -> None:
    made = producer(scene.kafka, "test-foreign")
    made.send(CARE_TOPIC, b"{}", b"key", [("ce_type", b"other")]).get(10)
    made.close()
    with scene.relaying():
        until(lambda: scene.failures)
    assert isinstance(scene.failures[0], LogDamaged)


def test_a_lost_connection_to_postgresql_costs_nothing(scene: Scene, databases: Databases) -> None:
    stored(scene.dsn, 10)
    with scene.relaying():
        scene.arrived()
        with psycopg.connect(databases.dsn("referrals", "closeknit_owner"), autocommit=True) as owner:
            ended = owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'referrals relay' AND datname = current_database()"
            ).fetchall()
        assert ended == [(True,)]
        stored(scene.dsn, 10)
        scene.arrived()


@pytest.mark.timeout(300)
def test_kafka_is_away_for_a_while_and_everything_arrives_once(databases: Databases, tmp_path: Path) -> None:
    """The relay lives through it, and hears a stop in the middle of another time.

    In a process of its own: kafka-python leaves the sockets of refused connections to the garbage collector.
    """
    port, beat = ports.any_free(), tmp_path / "beat"
    server = kafka.start(tmp_path / "broker", port)
    fresh_topics(server.bootstrap)
    pseudonyms = LogPseudonyms(ensure_root_key(tmp_path / "keys"))
    scene = Scene(databases.dsn("referrals"), server.bootstrap, pseudonym=pseudonyms.of)
    relay = started(scene.environ(tmp_path / "keys") | {"CLOSEKNIT_HEARTBEAT": str(beat)})
    try:
        stored(scene.dsn, 20)
        scene.arrived()
        server.kill()
        stored(scene.dsn, 20)
        until(lambda: _state(beat) == "waiting")
        server = kafka.start(tmp_path / "broker", port)
        scene.arrived()
        stored(scene.dsn, 5)
        scene.arrived()
        server.kill()
        stored(scene.dsn, 5)
        until(lambda: _state(beat) == "waiting")
        relay.terminate()
        relay.join(20)
        assert relay.exitcode == 0
    finally:
        killed(relay)
        server.stop()


def test_the_comparison_sees_a_difference(scene: Scene) -> None:
    stored(scene.dsn, 3)
    with scene.relaying():
        scene.arrived()
    wanted, found = scene.expected(), read(scene.kafka, [CARE_TOPIC, RESTRICTED_TOPIC])
    compare(wanted, found)
    place = next(iter(wanted))
    with pytest.raises(AssertionError):
        compare(wanted, found | {place: found[place][1:]})
    with pytest.raises(AssertionError):
        compare(wanted, found | {place: [*found[place], found[place][-1]]})
