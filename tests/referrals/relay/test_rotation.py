"""The log key rotates: everybody has another name on other topics, and every figure is as it was."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from kafka import KafkaAdminClient
from typer.testing import CliRunner

from contracts.topic import under
from deploy import rotation
from deploy.closeknit.main import app
from deploy.rotation import retire, rotate
from deploy.verification import verify
from services.measures import main as measures
from services.measures.projection.rebuild import RebuildProblem
from services.measures.releases.build import Order
from services.measures.settings import MeasuresSettings
from services.referrals.domain.client import ClientLinked
from services.referrals.main import build_relay, copy_log, log_keys
from services.referrals.publishing import CARE_TOPIC, RESTRICTED_TOPIC
from services.referrals.relay import LogKeys, RotationProblem
from services.referrals.settings import RelaySettings
from services.referrals.store.bulk import append_batch
from services.referrals.vault import pairwise
from services.referrals.vault.keys import ensure_root_key
from services.runtime.telemetry import Telemetry
from services.runtime.worker import Lifecycle
from tests.condition import until
from tests.fix_servers import Databases
from tests.referrals.relay.log import MAPPER, Scene, some_story, stored
from tests.referrals.store.commits import CLINIC, FRESNO, Story

INITIATIVES = Path(__file__).parents[3] / "deploy" / "initiatives"


class House:
    """One store, one broker, one measures database, with what an operator's commands read."""

    def __init__(self, scene: Scene, databases: Databases, keys: Path) -> None:
        ensure_root_key(keys)
        self.environ = {
            **scene.environ(keys),
            "CLOSEKNIT_MEASURES_DSN": databases.dsn("measures"),
            "CLOSEKNIT_INITIATIVES": str(INITIATIVES),
            "CLOSEKNIT_LOG_LEVEL": "ERROR",
        }
        self.store = scene.dsn
        self.failures: list[BaseException] = []

    @contextmanager
    def working(self) -> Iterator[None]:
        """The relay and the live consumer beside the block."""
        life, relays, reads = Lifecycle(), RelaySettings.from_env(self.environ), MeasuresSettings.from_env(self.environ)
        relay = build_relay(relays, life, Telemetry.off())
        threads = [
            threading.Thread(target=self._kept(relay.run)),
            threading.Thread(target=self._kept(lambda: measures.consume(reads, Telemetry.off(), life))),
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            life.stop()
            for thread in threads:
                thread.join(30)
        assert not any(thread.is_alive() for thread in threads)
        assert self.failures == []

    def rotate(self) -> int:
        return rotate(self.environ, lambda _: None, lambda done, of: None).key

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.environ["CLOSEKNIT_MEASURES_DSN"], autocommit=True) as connection:
            return connection.execute(query.encode()).fetchall()

    def facts(self) -> list[tuple[object, ...]]:
        """All that is known of clients, but for what they are called."""
        return self.rows(
            "SELECT event_id, position, topic, type, CASE WHEN type = 'client.linked.v1' THEN '' ELSE data::text END"
            " FROM live.facts ORDER BY position"
        )

    def names(self) -> set[str]:
        return {str(name) for (name,) in self.rows("SELECT subject FROM live.facts")}

    def whole(self, *, deep: bool = False) -> None:
        """Returns once store, Kafka and measures, and where it is `deep` releases, say the same."""
        until(lambda: verify(self.environ, deep=deep).difference is None, seconds=60)

    def topics(self) -> set[str]:
        admin = KafkaAdminClient(bootstrap_servers=self.environ["CLOSEKNIT_KAFKA"])
        try:
            return {name for name in admin.list_topics() if name.startswith((CARE_TOPIC, RESTRICTED_TOPIC))}
        finally:
            admin.close()

    def _kept(self, run: Callable[[], None]) -> Callable[[], None]:
        def kept() -> None:
            try:
                run()
            except BaseException as error:
                self.failures.append(error)

        return kept


@pytest.fixture
def house(scene: Scene, databases: Databases, tmp_path: Path) -> House:
    return House(scene, databases, tmp_path / "keys")


def linked(dsn: str) -> None:
    """One woman under two references of an agency (R21), with a referral for each."""
    stories = [Story(), Story()]
    link = ClientLinked(other=stories[1].client)
    with psycopg.connect(dsn, autocommit=True) as connection:
        for number, story in enumerate(stories):
            append_batch(connection, some_story(number, story), MAPPER)
        append_batch(connection, [stories[0].tell(stories[0].client, link, CLINIC)], MAPPER)


def under_both(key: int) -> set[str]:
    return {under(topic, key) for topic in (CARE_TOPIC, RESTRICTED_TOPIC)}


def test_everybody_has_another_name_and_no_figure_moves(house: House) -> None:
    stored(house.store, 12)
    linked(house.store)
    with house.working():
        house.whole()
        before, names = house.facts(), house.names()
        known = datetime.now(UTC)
        figure = measures.compute("response_rate", FRESNO, cutoff=known, environ=house.environ)
        release = measures.release_build(FRESNO, Order("ann", "2026-Q1", known), environ=house.environ)
        assert CliRunner().invoke(app, ["keys", "rotate", "pairwise"], env=house.environ).exit_code == 2
        asked = CliRunner().invoke(app, ["keys", "rotate", "log", "--json"], env=house.environ)
        assert asked.exit_code == 0, asked.output
        assert json.loads(asked.stdout) == {"key": 2, "facts": len(before)}
        assert (house.facts(), measures.log_key(house.environ)) == (before, 2)
        assert len(house.names()) == len(names)
        assert not house.names() & names
        assert measures.compute("response_rate", FRESNO, cutoff=known, environ=house.environ) == figure
        written, anew = measures.release_reproduce(release.id, environ=house.environ)
        assert anew.sha256 == written.document_sha256 == release.document_sha256
        assert house.topics() == under_both(1) | under_both(2)
        stored(house.store, 3)
        house.whole()
        with pytest.raises(RotationProblem, match="retire log"):
            house.rotate()
        gone = CliRunner().invoke(app, ["keys", "retire", "log"], env=house.environ)
        assert gone.exit_code == 0, gone.output
        assert gone.output.splitlines() == [f"deleted {name}" for name in sorted(under_both(1))]
        until(lambda: house.topics() == under_both(2))
        stored(house.store, 3)
        house.whole(deep=True)
        assert log_keys(house.store) == (2,)
        assert house.rows("SELECT nspname FROM pg_namespace WHERE nspname ~ '^v[0-9]+$'") == [("v2",)]
        assert not {str(name) for (name,) in house.rows("SELECT client FROM kept_units")} & names
    written, anew = measures.release_reproduce(release.id, environ=house.environ)
    assert anew.sha256 == written.document_sha256


def test_killed_half_way_nobody_sees_it_and_it_goes_on(house: House) -> None:
    stored(house.store, 420)
    with house.working():
        until(lambda: len(house.rows("SELECT FROM live.facts")) == 4 * 420, seconds=60)
        before, names = house.facts(), house.names()
        command = [sys.executable, "-m", "deploy.closeknit.main", "keys", "rotate", "log"]
        with subprocess.Popen(command, env={**os.environ, **house.environ}, stderr=subprocess.DEVNULL) as killed:
            with psycopg.connect(house.store, autocommit=True) as connection:
                copied = "SELECT FROM relay_checkpoint WHERE topic = %s"
                until(lambda: connection.execute(copied, [under(CARE_TOPIC, 2)]).fetchone() is not None, every=0.001)
            killed.send_signal(signal.SIGKILL)
        assert killed.returncode == -signal.SIGKILL
        assert (house.names(), measures.log_key(house.environ)) == (names, 1)
        assert house.facts() == before
        with pytest.raises(RotationProblem, match="rotate log"):
            retire(house.environ)
        stored(house.store, 10)
        assert house.rotate() == 2
        assert house.facts()[: len(before)] == before
        house.whole()


def test_without_a_relay_it_waits_for_what_only_the_old_topics_have(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored(house.store, 4)
    with house.working():
        house.whole()
        with LogKeys.alone(house.store) as known:
            assert known.next() == (2, True)
            with pytest.raises(RotationProblem, match="Another command"):
                house.rotate()
    with psycopg.connect(house.store, autocommit=True) as connection:
        LogKeys(connection).built(2)  # by a copy that another host's clock overtook: its topics are empty
    with monkeypatch.context() as patched:
        patched.setattr(rotation, "RELAYED_SECONDS", 0.2)
        with pytest.raises(RotationProblem, match="relay"):
            house.rotate()
    assert measures.log_key(house.environ) == 1
    with house.working():
        assert house.rotate() == 2
        house.whole()


def test_a_key_that_names_two_women_alike_does_not_take_over(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    stored(house.store, 4)
    with house.working():
        house.whole()
        before = house.facts(), house.names()

        def alike(settings: RelaySettings, key: int) -> None:
            with monkeypatch.context() as patched:
                patched.setattr(pairwise, "base32", lambda block: "a" * 26)
                copy_log(settings, key)

        monkeypatch.setattr(rotation, "copy_log", alike)
        with pytest.raises(RebuildProblem, match="are not those"):
            house.rotate()
        assert (house.facts(), house.names()) == before
        assert measures.log_key(house.environ) == 1
