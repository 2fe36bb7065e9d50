"""Kafka gets the topics that the contracts declare; a broker that asks who one is lets the relay write, the consumer
read what its initiatives turned on, and nobody else anything (contracts/acls.yaml)."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
import yaml
from kafka import KafkaAdminClient
from kafka.admin import ACL, ACLOperation, ACLPermissionType, ResourcePattern, ResourceType
from kafka.errors import AuthorizationError, KafkaError
from typer.testing import CliRunner

from contracts import acl
from contracts.topic import Topic, load_topics
from deploy import topics
from deploy.closeknit.main import app
from deploy.local import kafka, ports
from deploy.local.scram import OPERATOR, Secured
from services.runtime.kafka import KafkaProblem, Partition, group_consumer, producer, reader, spans
from services.runtime.settings import Broker, SettingsProblem, options_of
from tests.condition import until

RELAY, MEASURES, STRANGER, LATER = "referrals-relay", "measures-consumer", "gateway", "nobody-made-it"
CARE, DIRECTORY, RESTRICTED = "care.events.v1", "care.directory.v1", "care.restricted.v1"


@dataclass(frozen=True)
class House:
    """A secured broker and the passwords of its users, each in a file.

    `at_first`: in what it differed from the contracts before anything was done, and what then was.
    """

    bootstrap: str
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


@pytest.fixture(scope="module")
def house(server_folder: Path) -> Iterator[House]:
    """Topics are made and rules applied, with the restricted topic on."""
    folder = server_folder / "secured"
    folder.mkdir(mode=0o700)
    passwords = {user: f"an invented password of {user}" for user in (OPERATOR, RELAY, MEASURES, STRANGER)}
    for user, password in (passwords | {LATER: "whatever"}).items():
        (folder / user).write_text(password)
    shutil.copytree(topics.INITIATIVES, folder / "initiatives")
    for file in (folder / "initiatives").glob("*/initiative.toml"):
        file.write_text(file.read_text().replace("restricted_topic = true", "restricted_topic = false"))
    server = kafka.start(folder / "kafka", ports.any_free(), secured=Secured(passwords))
    environ = House(server.bootstrap, folder).environ(restricted=True)
    at_first = topics.differences(environ), topics.create(environ)
    yield House(server.bootstrap, folder, at_first)
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


def refused(what: Callable[[], object]) -> bool:
    """Whether the brokers do not let this one do it; whatever else goes wrong is no refusal."""
    try:
        what()
    except AuthorizationError:
        return True
    except KafkaError as error:  # a producer that may write nothing is refused its number, in words
        return "AuthorizationFailedError" in str(error)
    return False


@pytest.mark.servers
def test_topics_and_rules_are_made_once_and_what_is_missing_is_said(house: House) -> None:
    differences, made = house.at_first
    wanted = topics.wanted(house.environ(restricted=True))
    assert [said.split(":")[0] for said in differences[: len(wanted)]] == [topic.name for topic in wanted]
    rules = [f"{rule.user} may {rule.operation.lower()} {rule.resource} {rule.name}" for rule in acl.rules()]
    assert [said.split(" by the contract")[0] for said in differences[len(wanted) :]] == sorted(rules)
    assert made == [*(f"made {topic.name}" for topic in wanted), *sorted(rules)]
    assert topics.create(house.environ(restricted=True)) == []


@pytest.mark.servers
def test_the_relay_alone_writes(house: House) -> None:
    for topic in (CARE, DIRECTORY, RESTRICTED):
        writes(house.as_user(RELAY), topic)
        for other in (MEASURES, STRANGER):
            assert refused(partial(writes, house.as_user(other), topic)), (other, topic)


@pytest.mark.servers
def test_measures_read_and_nobody_else(house: House) -> None:
    for topic in (CARE, DIRECTORY, RESTRICTED):
        writes(house.as_user(RELAY), topic)
        until(partial(reads, house.as_user(MEASURES), topic), 20)
        assert spans(house.as_user(STRANGER), [topic]) == {}, "it is not even told that the topic is there"
        assert reads(house.as_user(STRANGER), topic) == 0, topic


@pytest.mark.servers
def test_measures_join_their_own_group_alone(house: House) -> None:
    def join(group: str) -> None:
        client = group_consumer(house.as_user(MEASURES), group, "one", [DIRECTORY])
        try:
            client.poll(timeout_ms=3_000)
        finally:
            client.close(autocommit=False)

    join("measures")
    assert refused(partial(join, "another"))


@pytest.mark.servers
def test_r6_restricted_is_read_where_an_initiative_turned_it_on(house: House) -> None:
    writes(house.as_user(RELAY), RESTRICTED)
    until(partial(reads, house.as_user(MEASURES), RESTRICTED), 20)
    try:
        said = topics.create(house.environ(restricted=False))
        assert f"no longer: {MEASURES} may read topic {RESTRICTED}" in said
        assert f"no longer: {RELAY} may write topic {RESTRICTED}" in said
        for user in (MEASURES, STRANGER):
            assert reads(house.as_user(user), RESTRICTED) == 0, user
        assert refused(partial(writes, house.as_user(RELAY), RESTRICTED))
        assert topics.differences(house.environ(restricted=True)) != []
    finally:
        topics.create(house.environ(restricted=True))
    until(partial(reads, house.as_user(MEASURES), RESTRICTED), 20)
    assert topics.differences(house.environ(restricted=True)) == []


@pytest.mark.servers
@pytest.mark.parametrize("user", [LATER, None])
def test_an_unknown_user_gets_nothing(house: House, user: str | None) -> None:
    broker = Broker(house.bootstrap) if user is None else house.as_user(user)
    with pytest.raises(KafkaError):
        KafkaAdminClient(**options_of(broker), bootstrap_timeout_ms=2_000)


@pytest.mark.servers
def test_a_rule_that_no_contract_names_is_said_and_taken_away(house: House) -> None:
    admin = KafkaAdminClient(**options_of(house.as_user(OPERATOR)))
    try:
        everything = ResourcePattern(ResourceType.TOPIC, "*")
        admin.create_acls([ACL("User:gateway", "*", ACLOperation.READ, ACLPermissionType.ALLOW, everything)])
    finally:
        admin.close()
    runner = CliRunner(env=house.environ(restricted=True))
    found = runner.invoke(app, ["topics", "--check"])
    assert (found.exit_code, found.stderr.strip()) == (1, "gateway may read topic *, and no contract says so")
    assert runner.invoke(app, ["topics"]).exit_code == 0
    assert runner.invoke(app, ["topics", "--check"]).exit_code == 0


@pytest.mark.servers
def test_who_is_no_operator_changes_no_rule(house: House) -> None:
    with pytest.raises(KafkaProblem):
        topics.differences(house.environ(RELAY, restricted=True))


def test_the_file_says_what_the_topics_say() -> None:
    file = Path(acl.__file__).with_name("acls.yaml")
    assert [acl.Rule(**each) for each in yaml.safe_load(file.read_text())] == list(acl.rules())
    writers = {rule.user for rule in acl.rules() if rule.operation == "Write"}
    assert writers == {RELAY}
    of_restricted = {rule for rule in acl.rules() if rule.name == RESTRICTED}
    assert {rule.user for rule in of_restricted if rule.operation == "Read"} == {RELAY, MEASURES}
    assert all(rule.optional for rule in of_restricted)


def test_another_reader_in_a_topics_file_is_another_rule() -> None:
    whole: list[Topic] = [
        topic.model_copy(update={"consumers": (*topic.consumers, "services.gateway.main")}) for topic in load_topics()
    ]
    assert {rule.user for rule in set(acl.rules(whole)) - set(acl.rules())} == {"gateway-main"}


def test_production_takes_no_broker_that_lets_everybody_in_or_is_spoken_to_in_the_clear(tmp_path: Path) -> None:
    password = tmp_path / "password"
    environ = {"CLOSEKNIT_KAFKA": "kafka.example:9"}
    own = {"USER": RELAY, "PASSWORD_FILE": str(password), "CA": str(tmp_path / "ca.pem")}
    environ |= {f"CLOSEKNIT_KAFKA_{name}": value for name, value in own.items()}
    for name in own:
        with pytest.raises(SettingsProblem, match=f"CLOSEKNIT_KAFKA_{name}"):
            topics.broker_of({**environ, f"CLOSEKNIT_KAFKA_{name}": ""})
    with pytest.raises(SettingsProblem, match="CLOSEKNIT_KAFKA_PASSWORD_FILE"):
        topics.broker_of(environ)
    password.write_text("invented\n")
    options = topics.broker_of(environ).options()
    assert (options["security_protocol"], options["sasl_mechanism"]) == ("SASL_SSL", "SCRAM-SHA-512")
    assert options["sasl_plain_password"] == "invented"
