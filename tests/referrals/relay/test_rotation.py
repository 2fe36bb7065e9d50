"""The log key rotates: everybody has another name on other topics, and every figure is as it was."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from contracts.topic import under
from deploy import rotation, topics
from deploy.closeknit.main import app
from deploy.rotation import give_up, retire
from services.measures import main as measures
from services.measures.projection.rebuild import RebuildProblem
from services.measures.releases.build import Order
from services.referrals.main import copy_log, log_keys
from services.referrals.publishing import CARE_TOPIC
from services.referrals.relay import LogKeys, RotationProblem
from services.referrals.settings import RelaySettings
from services.referrals.vault import pairwise
from tests.condition import until
from tests.fix_servers import Databases
from tests.referrals.relay.house import House, linked, under_both
from tests.referrals.relay.log import Scene, stored
from tests.referrals.store.commits import FRESNO

# kafka-python now and then leaves a socket to the garbage collector: it is collected where it is no failure.
pytestmark = [pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"), pytest.mark.usefixtures("tidied")]


@pytest.fixture
def house(scene: Scene, databases: Databases, tmp_path: Path) -> House:
    return House(scene, databases, tmp_path / "keys")


GIVING_UP: Sequence[tuple[object, str]] = [
    (topics, "retire"),
    (topics, "create"),
    (measures, "forget_unfinished"),
    (LogKeys, "close"),
]
"""What it does, one after the other."""

KEEPERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'closeknit keys'"
)


class Killed(BaseException):
    """An end without a word: what was done by then is done, and nothing else."""


def killed_while_copying(house: House, key: int) -> None:
    """A rotation in a process of its own, which ends before everything that is stored is on the topics of this key."""
    command = [sys.executable, "-m", "deploy.closeknit.main", "keys", "rotate", "log"]
    held, copied = "SELECT FROM log_keys WHERE key = %s FOR UPDATE", "SELECT FROM relay_checkpoint WHERE topic = %s"
    with psycopg.connect(house.store) as connection:
        with subprocess.Popen(command, env={**os.environ, **house.environ}, stderr=subprocess.DEVNULL) as killed:
            until(lambda: connection.execute(held, [key]).fetchone() is not None)  # it cannot say that all is copied
            until(lambda: connection.execute(copied, [under(CARE_TOPIC, key)]).fetchone() is not None, every=0.001)
            killed.send_signal(signal.SIGKILL)
        assert killed.returncode == -signal.SIGKILL
    with psycopg.connect(house.store, autocommit=True) as connection:
        until(lambda: connection.execute(KEEPERS).fetchone() == (0,))


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
        with pytest.raises(RotationProblem, match="gone over to log key 2"):
            give_up(house.environ)
        gone = CliRunner().invoke(app, ["keys", "retire", "log"], env=house.environ)
        assert gone.exit_code == 0, gone.output
        assert gone.output.splitlines() == [f"deleted {name}" for name in sorted(under_both(1))]
        until(lambda: house.topics() == under_both(2))
        again = CliRunner().invoke(app, ["keys", "retire", "log"], env=house.environ)
        assert (again.exit_code, again.output) == (0, "there is nothing to retire: one log key alone has topics\n")
        stored(house.store, 3)
        house.whole(deep=True)
        assert log_keys(house.store) == (2,)
        with pytest.raises(RotationProblem, match="nothing to give up"):
            give_up(house.environ)
        assert house.rows("SELECT nspname FROM pg_namespace WHERE nspname ~ '^v[0-9]+$'") == [("v2",)]
        assert not {str(name) for (name,) in house.rows("SELECT client FROM kept_units")} & names
    written, anew = measures.release_reproduce(release.id, environ=house.environ)
    assert anew.sha256 == written.document_sha256


def test_killed_half_way_nobody_sees_it_and_it_goes_on_or_is_given_up(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored(house.store, 420)
    with house.working():
        until(lambda: len(house.rows("SELECT FROM live.facts")) == 4 * 420, seconds=60)
        before, names = house.facts(), house.names()
        killed_while_copying(house, 2)
        assert (house.names(), measures.log_key(house.environ)) == (names, 1)
        assert house.facts() == before
        with pytest.raises(RotationProblem, match="rotate log"):
            retire(house.environ)
        for owner, step in GIVING_UP:
            with monkeypatch.context() as patched:
                patched.setattr(owner, step, _killed)
                with pytest.raises(Killed):
                    give_up(house.environ)
            with pytest.raises(RotationProblem, match="rotate log --give-up"):
                house.rotate()
        asked = CliRunner().invoke(app, ["keys", "rotate", "log", "--give-up", "--json"], env=house.environ)
        assert json.loads(asked.stdout) == {"key": 1, "deleted": []}, "they were gone when it was killed"
        assert house.topics() == under_both(1)
        stored(house.store, 10)
        killed_while_copying(house, 3)
        assert house.rotate() == 3
        assert house.facts()[: len(before)] == before
        assert not house.names() & names
        house.whole()


def _killed(*args: object) -> None:
    raise Killed


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
            with monkeypatch.context() as inner:
                inner.setattr(pairwise, "base32", lambda block: "a" * 26)
                copy_log(settings, key)

        with monkeypatch.context() as patched:
            patched.setattr(rotation, "copy_log", alike)
            with pytest.raises(RebuildProblem, match="are not those"):
                house.rotate()
        assert (house.facts(), house.names()) == before
        assert measures.log_key(house.environ) == 1
        stored(house.store, 3)
        until(lambda: len(house.facts()) == len(before[0]) + 12)
        topics.retire(house.environ, 2)  # as giving up does while the relay has something for them on its way
        stored(house.store, 3)
        until(house.held_up)
        given_up = CliRunner().invoke(app, ["keys", "rotate", "log", "--give-up"], env=house.environ)
        assert given_up.output == "clients go on being named under log key 1\n"
        assert house.rows("SELECT nspname FROM pg_namespace WHERE nspname ~ '^v[0-9]+$'") == [("v1",)]
        assert house.rotate() == 3
        house.whole()
