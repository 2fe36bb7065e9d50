"""Owns a broker that asks who one is, in the clear and over TLS, and what each of its users can do there."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kafka.errors import AuthorizationError, KafkaError

from deploy import topics
from deploy.local import kafka, ports
from deploy.local.scram import OPERATOR, Secured, Tls
from services.runtime.kafka import Partition, group_consumer, producer, reader
from services.runtime.settings import Broker
from tests.deploy.authority import Authority

RELAY, MEASURES, STRANGER, LATER = "referrals-relay", "measures-consumer", "gateway", "nobody-made-it"
CARE, DIRECTORY, RESTRICTED = "care.events.v1", "care.directory.v1", "care.restricted.v1"


@dataclass(frozen=True)
class House:
    """A secured broker and the passwords of its users, each in a file.

    `over_tls`: where it listens with a certificate for that address, signed by the authority in `ca`; `other_ca` signed
    none. `at_first`: in what it differed from the contracts before anything was done, and what then was.
    """

    bootstrap: str
    over_tls: str
    folder: Path
    at_first: tuple[list[str], list[str]] = ([], [])

    def as_user(self, user: str) -> Broker:
        return Broker(self.bootstrap, user, self.folder / user)

    def environ(self, user: str = OPERATOR, *, restricted: bool) -> dict[str, str]:
        """As an operator has it; with the initiatives as they are, or with none that has the restricted topic on."""
        initiatives = topics.INITIATIVES if restricted else self.folder / "initiatives"
        return {
            "CLOSEKNIT_ENVIRONMENT": "development",  # in the clear, on loopback
            "CLOSEKNIT_KAFKA": self.bootstrap,
            "CLOSEKNIT_KAFKA_USER": user,
            "CLOSEKNIT_KAFKA_PASSWORD_FILE": str(self.folder / user),
            "CLOSEKNIT_INITIATIVES": str(initiatives),
        }

    @property
    def ca(self) -> Path:
        return self.folder / "a-county.pem"

    @property
    def other_ca(self) -> Path:
        return self.folder / "another-county.pem"


@contextmanager
def secured(folder: Path) -> Iterator[House]:
    """Topics are made and rules applied, with the restricted topic on."""
    folder.mkdir(mode=0o700)
    passwords = {user: f"an invented password of {user}" for user in (OPERATOR, RELAY, MEASURES, STRANGER)}
    for user, password in (passwords | {LATER: "whatever"}).items():
        (folder / user).write_text(password)
    shutil.copytree(topics.INITIATIVES, folder / "initiatives")
    for file in (folder / "initiatives").glob("*/initiative.toml"):
        file.write_text(file.read_text().replace("restricted_topic = true", "restricted_topic = false"))
    Authority(folder, "another-county")
    tls = Tls(ports.any_free(), Authority(folder, "a-county").server(ports.LOOPBACK))
    server = kafka.start(folder / "kafka", ports.any_free(), secured=Secured(passwords, tls))
    try:
        house = House(server.bootstrap, f"{ports.LOOPBACK}:{tls.port}", folder)
        environ = house.environ(restricted=True)
        at_first = topics.differences(environ), topics.create(environ)
        yield House(house.bootstrap, house.over_tls, folder, at_first)
    finally:
        server.stop()


def writes(broker: Broker, topic: str) -> None:
    client = producer(broker, "test", delivery_timeout_ms=15_000)
    try:
        client.send(topic, b"value", b"key", [], partition=0).get(timeout=20)
    finally:
        client.close(timeout=1)


def reads(broker: Broker, topic: str) -> int:
    """How many records it is given of a topic's first partition, in a second."""
    client = reader(broker, "test")
    try:
        place = Partition(topic, 0)
        client.assign([place])
        client.seek(place, 0)
        return len(client.poll(timeout_ms=1_000).get(place, ()))
    except AuthorizationError:
        return 0
    finally:
        client.close(autocommit=False)


def joins(broker: Broker, group: str) -> None:
    """Becomes a member of a group."""
    client = group_consumer(broker, group, "one", [DIRECTORY])
    try:
        client.poll(timeout_ms=3_000)
    finally:
        client.close(autocommit=False)


def refused(what: Callable[[], object]) -> bool:
    """Whether the brokers do not let this one do it; whatever else goes wrong is no refusal."""
    try:
        what()
    except AuthorizationError:
        return True
    except KafkaError as error:  # a producer that may write nothing is refused its number, in words
        return "AuthorizationFailedError" in str(error)
    return False
