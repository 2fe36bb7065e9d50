"""Kafka gets the topics that the contracts declare; a broker that asks who one is lets the relay write, the consumer
read what its initiatives turned on, and nobody else anything (contracts/acls.yaml), under any log key."""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import yaml
from kafka import KafkaAdminClient
from kafka.admin import ACL, ACLOperation, ACLPermissionType, ResourcePattern, ResourceType
from kafka.errors import KafkaError
from typer.testing import CliRunner

from contracts import acl
from contracts.topic import Topic, load_topics, under
from deploy import rotation, topics
from deploy.closeknit.main import app
from deploy.local.scram import OPERATOR
from services.referrals.vault.keys import ensure_root_key
from services.runtime.kafka import KafkaProblem, spans
from services.runtime.settings import Broker, SettingsProblem, options_of
from tests.condition import until
from tests.deploy.authority import Authority
from tests.deploy.secured import (
    CARE,
    DIRECTORY,
    LATER,
    MEASURES,
    RELAY,
    RESTRICTED,
    STRANGER,
    House,
    joins,
    reads,
    refused,
    secured,
    writes,
)
from tests.fix_servers import Databases


@pytest.fixture(scope="module")
def house(server_folder: Path) -> Iterator[House]:
    with secured(server_folder / "secured") as made:
        yield made


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
    joins(house.as_user(MEASURES), "measures")
    assert refused(partial(joins, house.as_user(MEASURES), "another"))


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
@pytest.mark.filterwarnings("ignore:unclosed <ssl.SSLSocket:ResourceWarning")  # kafka-python leaves a refused one
def test_over_tls_it_is_the_broker_that_the_authority_signed_for(house: House) -> None:
    right = replace(house.as_user(MEASURES), bootstrap=house.over_tls, ca=house.ca)
    assert right.options()["security_protocol"] == "SASL_SSL"
    with reached(options_of(right)) as admin:
        assert CARE in admin.list_topics()
    elsewhere = f"localhost:{house.over_tls.rpartition(':')[2]}"
    for wrong in replace(right, ca=None), replace(right, ca=house.other_ca), replace(right, bootstrap=elsewhere):
        with pytest.raises(KafkaError), reached({**options_of(wrong), "bootstrap_timeout_ms": 2_000}):
            pass
    with reached({**options_of(replace(right, bootstrap=elsewhere)), "ssl_check_hostname": False}) as admin:
        assert CARE in admin.list_topics(), "nothing but its name was wrong there"
    gc.collect()  # here, where what is left is no failure


@contextmanager
def reached(options: Mapping[str, object]) -> Iterator[KafkaAdminClient]:
    admin = KafkaAdminClient(**options)
    try:
        yield admin
    finally:
        admin.close()


@pytest.mark.servers
def test_the_topics_of_another_log_key_have_the_rules_of_the_first_until_it_is_given_up(
    house: House, databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def killed(*args: object) -> None:
        raise Killed

    ensure_root_key(tmp_path / "keys")
    own = {f"CLOSEKNIT_{name.upper()}_DSN": databases.dsn(name) for name in ("referrals", "measures")}
    environ = house.environ(restricted=True) | own | {"CLOSEKNIT_KEYS": str(tmp_path / "keys")}
    monkeypatch.setattr(rotation, "copy_log", killed)
    with pytest.raises(Killed):
        rotation.rotate(environ, lambda _: None, lambda done, of: None)
    for topic in (under(CARE, 2), under(RESTRICTED, 2)):
        writes(house.as_user(RELAY), topic)
        until(partial(reads, house.as_user(MEASURES), topic), 20)
        for other in (MEASURES, STRANGER):
            assert refused(partial(writes, house.as_user(other), topic)), (other, topic)
        assert spans(house.as_user(STRANGER), [topic]) == {}
        assert reads(house.as_user(STRANGER), topic) == 0
    joins(house.as_user(MEASURES), under("measures", 2))
    assert refused(partial(joins, house.as_user(MEASURES), under("measures", 3)))
    assert topics.differences(environ) == []
    assert rotation.give_up(environ).topics == [under(CARE, 2), under(RESTRICTED, 2)]
    assert topics.differences(environ) == topics.differences(house.environ(restricted=True)) == []


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
    own = {"USER": RELAY, "PASSWORD_FILE": str(password), "CA": str(Authority(tmp_path, "a-county").ca)}
    environ |= {f"CLOSEKNIT_KAFKA_{name}": value for name, value in own.items()}
    for name in own:
        with pytest.raises(SettingsProblem, match=f"CLOSEKNIT_KAFKA_{name}"):
            topics.broker_of({**environ, f"CLOSEKNIT_KAFKA_{name}": ""})
    with pytest.raises(SettingsProblem, match="CLOSEKNIT_KAFKA_PASSWORD_FILE"):
        topics.broker_of(environ)
    password.write_text("invented\n")
    with pytest.raises(SettingsProblem, match="CLOSEKNIT_KAFKA_CA"):
        topics.broker_of(environ | {"CLOSEKNIT_KAFKA_CA": str(password)})
    options = topics.broker_of(environ).options()
    assert (options["security_protocol"], options["sasl_mechanism"]) == ("SASL_SSL", "SCRAM-SHA-512")
    assert options["sasl_plain_password"] == "invented"
