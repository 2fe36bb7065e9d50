"""The relay killed by SIGKILL at random moments (20 / 500): the log is exactly right after each and in the end."""

import functools
import random
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.local import kafka, ports
from services.referrals.publishing import CARE_TOPIC, RESTRICTED_TOPIC
from services.referrals.vault.keys import ensure_root_key
from services.referrals.vault.pairwise import LogPseudonyms
from services.runtime.worker import read_heartbeat
from tests.condition import until
from tests.fix_servers import Databases
from tests.prove.relay_process import killed, started
from tests.prove.tally import Tally
from tests.referrals.relay.log import Scene, compare, fresh_topics, read, stored

EARLY = 0.3
"""The share of relays that is killed before it is known to lead; the others are killed at work."""


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[kafka.KafkaServer]:
    server = kafka.start(tmp_path / "kafka", ports.any_free())
    yield server
    server.stop()


@pytest.mark.proof
@pytest.mark.timeout(600)
def test_the_log_is_exactly_right_after_every_kill(
    databases: Databases, broker: kafka.KafkaServer, tmp_path: Path, sized: Callable[[int, int], int]
) -> None:
    fresh_topics(broker.bootstrap)
    pseudonyms = LogPseudonyms(ensure_root_key(tmp_path / "keys"))
    scene = Scene(databases.dsn("referrals"), broker.bootstrap, pseudonym=pseudonyms.of)
    environ = scene.environ(tmp_path / "keys")
    chance, tally = random.Random(7), Tally("relay-kill")
    done = threading.Event()

    def feed() -> None:
        # The store grows all the while, in bursts: a kill finds pages half sent, just sent, and nothing to do.
        turn = random.Random(8)
        while not done.is_set():
            stored(scene.dsn, turn.choice([1, 3, 10, 40]))
            done.wait(turn.choice([0.02, 0.1, 0.4]))

    feeder = threading.Thread(target=feed)
    feeder.start()
    try:
        for number in range(1, sized(20, 500) + 1):
            beat = tmp_path / f"beat-{number}"
            process = started(environ | {"CLOSEKNIT_HEARTBEAT": str(beat)})
            if chance.random() > EARLY:
                until(functools.partial(leads, beat), seconds=60)
            done.wait(chance.uniform(0.0, 0.6))  # at any moment
            tally.check(killed(process), f"relay {number} had ended by itself")
            if number % 10 == 0:
                tally.check(prefix(scene), f"after kill {number} the log is not the beginning of what it has to be")
    finally:
        done.set()
        feeder.join()
    tally.check(bool(read(scene.kafka, [CARE_TOPIC])), "none of the relays lived long enough to publish anything")
    process = started(environ)
    try:
        scene.arrived()
        tally.points += sum(map(len, scene.expected().values()))
    finally:
        killed(process)
    tally.close()


def leads(beat: Path) -> bool:
    """Whether the relay with this heartbeat is at work."""
    said = read_heartbeat(beat)
    return said is not None and said.state == "working"


def prefix(scene: Scene) -> bool:
    """Whether every partition holds the first of what it has to hold in the end: nothing missing, doubled or turned."""
    found = read(scene.kafka, (CARE_TOPIC, RESTRICTED_TOPIC))
    wanted = {place: records[: len(found.get(place, []))] for place, records in scene.expected().items()}
    try:
        compare({place: records for place, records in wanted.items() if records}, found)
    except AssertionError:
        return False
    return True
