"""Owns one store, one broker and one measures database to rotate the log key of, and what can be seen of them."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from kafka import KafkaAdminClient

from contracts.topic import under
from deploy.rotation import rotate
from deploy.verification import verify
from services.measures import main as measures
from services.measures.settings import MeasuresSettings
from services.referrals.domain.client import ClientLinked
from services.referrals.main import build_relay
from services.referrals.publishing import CARE_TOPIC, RESTRICTED_TOPIC
from services.referrals.settings import RelaySettings
from services.referrals.store.bulk import append_batch
from services.referrals.vault.keys import ensure_root_key
from services.runtime.telemetry import Telemetry
from services.runtime.worker import Lifecycle, read_heartbeat
from tests.condition import until
from tests.fix_servers import Databases
from tests.referrals.relay.log import MAPPER, Scene, some_story
from tests.referrals.store.commits import CLINIC, Story

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
        self.heartbeat = keys.with_name("heartbeat")
        self.failures: list[BaseException] = []

    @contextmanager
    def working(self) -> Iterator[None]:
        """The relay and the live consumer beside the block."""
        relays, reads = RelaySettings.from_env(self.environ), MeasuresSettings.from_env(self.environ)
        lives = Lifecycle(self.heartbeat), Lifecycle()
        relay = build_relay(relays, lives[0], Telemetry.off())
        threads = [
            threading.Thread(target=self._kept(relay.run)),
            threading.Thread(target=self._kept(lambda: measures.consume(reads, Telemetry.off(), lives[1]))),
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            for life in lives:
                life.stop()
            for thread in threads:
                thread.join(30)
        assert not any(thread.is_alive() for thread in threads)
        assert self.failures == []

    def held_up(self) -> bool:
        """Whether the relay waits for Kafka."""
        beat = read_heartbeat(self.heartbeat)
        return beat is not None and beat.state == "waiting"

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
