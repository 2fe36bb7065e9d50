"""The local servers come up, say what they are, survive SIGKILL, and leave nothing behind."""

import os
import shutil
import stat
from pathlib import Path

import psutil
import psycopg
import pytest
from kafka import KafkaAdminClient

from deploy.local import child, jars, kafka, keycloak, leftovers, ports, postgres
from tests.fix_servers import Databases


def test_postgres_is_the_real_one(postgres_server: postgres.PostgresServer) -> None:
    with psycopg.connect(postgres_server.dsn()) as connection:
        row = connection.execute("SELECT current_setting('server_version_num'), current_user").fetchone()
    assert row is not None
    assert row[0].startswith("18")
    assert row[1] == "closeknit_owner"


def test_no_folder_of_postgres_is_open_to_others(postgres_server: postgres.PostgresServer) -> None:
    home = postgres_server.home
    for path in (home.folder, home.data):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert stat.S_IMODE((home.folder / "password").stat().st_mode) == 0o600


def test_postgres_refuses_a_wrong_password(postgres_server: postgres.PostgresServer) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(postgres_server.dsn(password="wrong"))


def test_values_of_rows_do_not_reach_the_log(postgres_server: postgres.PostgresServer) -> None:
    with psycopg.connect(postgres_server.dsn(), autocommit=True) as connection:
        connection.execute("CREATE TEMPORARY TABLE person (name text PRIMARY KEY)")
        connection.execute("INSERT INTO person VALUES ('Testa Canary')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO person VALUES ('Testa Canary')")
    log = postgres_server.child.log.read_text()
    assert "duplicate key value" in log
    assert "Canary" not in log


@pytest.mark.servers
def test_postgres_comes_back_after_sigkill_on_another_port(tmp_path: Path) -> None:
    server = postgres.start(tmp_path / "postgres", ports.any_free())
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    workers = psutil.Process(server.pid).children(recursive=True)
    server.kill()
    again = postgres.start(tmp_path / "postgres", ports.any_free())
    try:
        with psycopg.connect(again.dsn()) as connection:
            assert connection.execute("SELECT one FROM kept").fetchone() == (1,)
        assert not [worker for worker in workers if leftovers.runs(worker)]
    finally:
        again.stop()
    assert again.child.process.returncode == 0


@pytest.mark.servers
@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user runs the server itself")
def test_root_without_namespaces_runs_postgres_as_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "namespaces_allowed", lambda: False)
    folder = tmp_path / "postgres"
    server = postgres.start(folder, ports.any_free())
    try:
        assert psutil.Process(server.pid).uids().real == postgres.NOBODY
        assert not server.home.folder.is_relative_to(tmp_path)
        assert stat.S_IMODE(server.home.folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        with psycopg.connect(server.dsn()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        server.stop()
    (folder / "home").unlink()
    renewed = postgres.settle(folder)
    assert not server.home.folder.exists()
    shutil.rmtree(renewed.folder)


@pytest.mark.servers
def test_kafka_comes_back_after_sigkill_on_another_port(tmp_path: Path) -> None:
    server = kafka.start(tmp_path / "kafka", ports.any_free())
    server.kill()
    again = kafka.start(tmp_path / "kafka", ports.any_free())
    again.stop()
    assert not psutil.pid_exists(again.pid)


def test_kafka_makes_no_topic_by_itself(kafka_server: kafka.KafkaServer) -> None:
    admin = KafkaAdminClient(bootstrap_servers=kafka_server.bootstrap)
    try:
        assert "never.declared" not in admin.list_topics()
    finally:
        admin.close()


@pytest.mark.servers
def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    busy = ports.any_free()
    first = postgres.start(tmp_path / "first", busy)
    try:
        second = postgres.settle(tmp_path / "second")
        with pytest.raises(child.ChildFailed, match="could not bind") as caught:
            child.start(postgres.spec(second, busy), tmp_path / "second.log")
        assert "ended with code 1" in str(caught.value)
    finally:
        first.stop()


def test_databases_are_fresh_and_of_their_own_roles(databases: Databases) -> None:
    with psycopg.connect(databases.dsn("referrals")) as connection:
        assert connection.info.user == "referrals_app"
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(
            databases.dsn("identity").replace("identity_app", "measures_app"),
            password=databases.passwords["measures_app"],
        )


def test_a_damaged_jar_is_had_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jar = jars.locked()[0]
    good = jar.within(jars.repository())
    jars.present()
    damaged = jar.within(tmp_path)
    damaged.parent.mkdir(parents=True)
    damaged.write_bytes(b"half a downl")
    monkeypatch.setattr(jars, "download", lambda wanted, folder: wanted.within(folder).write_bytes(good.read_bytes()))
    jars.have(jar, tmp_path)
    assert jar.intact(tmp_path)


def test_a_jar_that_is_not_the_pinned_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jar = jars.locked()[0]

    def forged(wanted: jars.Jar, folder: Path) -> None:
        wanted.within(folder).parent.mkdir(parents=True, exist_ok=True)
        wanted.within(folder).write_bytes(b"something else")

    monkeypatch.setattr(jars, "download", forged)
    with pytest.raises(child.PartMissing, match="could not be had from Maven Central"):
        jars.have(jar, tmp_path)
    assert not jar.within(tmp_path).exists()


def test_the_lock_names_no_address() -> None:
    for lock in (jars.LOCK, keycloak.LOCK):
        assert "://" not in lock.read_text()
        assert all(len(jar.sha256) == 64 for jar in jars.locked(lock))
    assert len(jars.locked()) > 40
