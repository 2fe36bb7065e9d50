"""`closeknit import contacts` on the real databases: what a row becomes, what comes twice, what is refused."""

import asyncio
import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
import pytest
from typer.testing import CliRunner, Result

from contracts.topic import under
from deploy.closeknit.main import app
from services.referrals.publishing import CARE_TOPIC
from services.referrals.relay import LogKeys
from services.referrals.vault.keys import ensure_root_key
from services.referrals.vault.vault import open_vault
from services.runtime.clock import SystemClock
from services.runtime.postgres import pool

if TYPE_CHECKING:
    from tests.fix_servers import Databases

ROOT = Path(__file__).parents[3]
LOG = """client,agency,at,activity
N-1,Example Clinic North,2026-03-02T09:00:00-08:00,prenatal_care_navigation
N-1,Canary Support Circle,2026-03-09T09:00:00-07:00,canary walk round the lake
N-2,example-doula-network,2026-03-09T09:00:00-07:00,doula
N-2,example-doula-network,2026-03-09T09:00:00-07:00,doula
"""


@pytest.fixture
def environ(databases: "Databases", tmp_path: Path) -> dict[str, str]:
    ensure_root_key(tmp_path / "keys")
    return databases.environ() | {
        "CLOSEKNIT_ENVIRONMENT": "development",
        "CLOSEKNIT_KEYS": str(tmp_path / "keys"),
        "CLOSEKNIT_INITIATIVES": str(ROOT / "deploy" / "initiatives"),
    }


def run(environ: dict[str, str], log: Path, *more: str) -> Result:
    arguments = ["import", "contacts", str(log), "--initiative", "fresno-ptbi", "--json", *more]
    return CliRunner().invoke(app, arguments, env=environ)


def facts(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv"
    path.write_text(LOG, encoding="utf-8")
    return path


def stored(environ: dict[str, str]) -> list[dict[str, Any]]:
    with psycopg.connect(environ["CLOSEKNIT_REFERRALS_DSN"]) as connection:
        query = """SELECT topic, agency, initiative, actor, occurred_at, client_id, convert_from(state, 'UTF8')::jsonb
                   FROM stored_events ORDER BY notification_id"""
        cursor = connection.execute(query)
        names = ("topic", "agency", "initiative", "actor", "at", "client", "state")
        return [dict(zip(names, row, strict=True)) for row in cursor]


def test_each_row_is_a_completed_contact_and_each_number_a_client(environ: dict[str, str], log: Path) -> None:
    result = run(environ, log)
    assert result.exit_code == 0, result.output
    assert facts(result) == {
        "contacts": 4,
        "clients": 2,
        "there_already": 0,
        "refused": 0,
        "refused_file": None,
        "agencies_not_in_directory": 1,
        "published": False,  # no relay runs here
    }
    events = stored(environ)
    assert [event["topic"] for event in events] == [
        "client.registered.v1",
        "contact.recorded.v1",
        "contact.recorded.v1",
        "client.registered.v1",
        "contact.recorded.v1",
        "contact.recorded.v1",
    ]
    contacts = [event for event in events if event["topic"] == "contact.recorded.v1"]
    assert [event["agency"] for event in contacts[::2]] == ["example-clinic-north", "example-doula-network"]
    assert [event["state"]["tags"] for event in contacts] == [
        ["prenatal_care_navigation"], ["unmapped"], ["doula"], ["doula"],
    ]  # fmt: skip
    assert all(event["state"]["outcome"] == "completed" and event["state"]["met"] for event in contacts)
    assert all(event["state"]["mode"] == "office_visit" for event in contacts)
    assert {event["initiative"] for event in events} == {"fresno-ptbi"}


def test_what_a_retired_log_key_had_is_not_waited_for(environ: dict[str, str], log: Path) -> None:
    with psycopg.connect(environ["CLOSEKNIT_REFERRALS_DSN"], autocommit=True) as connection:
        keys = LogKeys(connection)
        keys.built(keys.next()[0])
        keys.close(1)
        for key, position in (1, 0), (2, 1_000):
            connection.execute("INSERT INTO relay_checkpoint VALUES (%s, %s)", [under(CARE_TOPIC, key), position])
    assert facts(run(environ, log))["published"]


def test_r26_an_unknown_agency_is_a_code_and_an_unknown_activity_lies_in_the_vault(
    environ: dict[str, str], log: Path, tmp_path: Path
) -> None:
    run(environ, log)
    contact = next(event for event in stored(environ) if event["state"].get("tags") == ["unmapped"])
    assert contact["agency"].startswith("stub-")
    assert "canary" not in json.dumps(stored(environ), default=str).lower()

    async def text() -> str:
        async with pool(environ["CLOSEKNIT_IDENTITY_DSN"], "test", task="import") as connections:
            vault = open_vault(connections, tmp_path / "keys", SystemClock())
            (found,) = (await vault.notes.read_many([UUID(contact["state"]["note"])])).values()
            return found.text.open()

    assert asyncio.run(text()) == "canary walk round the lake"


def test_r26_an_agency_is_known_by_id_or_name_and_codes_keep_apart_what_the_log_does(
    environ: dict[str, str], log: Path
) -> None:
    at = "2026-03-09T09:00:00-07:00,doula"
    agencies = ("EXAMPLE CLINIC NORTH", "example-clinic-north", "TEST", "test", "test")
    log.write_text("client,agency,at,activity\n" + "".join(f"N-1,{agency},{at}\n" for agency in agencies))
    assert facts(run(environ, log))["agencies_not_in_directory"] == 2
    found = [event["agency"] for event in stored(environ) if event["topic"] == "contact.recorded.v1"]
    assert found[:2] == ["example-clinic-north"] * 2
    assert found[2] != found[3] == found[4]


def test_r26_running_it_twice_adds_nothing(environ: dict[str, str], log: Path) -> None:
    run(environ, log)
    again = run(environ, log)
    assert again.exit_code == 0
    assert {name: facts(again)[name] for name in ("contacts", "clients", "there_already")} == {
        "contacts": 0,
        "clients": 0,
        "there_already": 4,
    }
    assert len(stored(environ)) == 6


def test_r26_more_of_the_same_log_adds_what_is_new(environ: dict[str, str], log: Path) -> None:
    run(environ, log)
    log.write_text(LOG + "N-2,example-doula-network,2026-03-09T09:00:00-07:00,doula\n")
    assert facts(run(environ, log))["contacts"] == 1


def test_r26_another_source_is_another_number_space(environ: dict[str, str], log: Path) -> None:
    run(environ, log)
    other = facts(run(environ, log, "--source", "another system"))
    assert (other["contacts"], other["clients"]) == (4, 2)


def test_refused_rows_are_put_aside_and_the_others_come_in(environ: dict[str, str], log: Path, tmp_path: Path) -> None:
    log.write_text(LOG + "N-3,Example Clinic North,2026-03-09 09:00,doula\n")
    target = tmp_path / "aside.csv"
    result = run(environ, log, "--refused", str(target))
    assert result.exit_code == 1
    assert (facts(result)["contacts"], facts(result)["refused"]) == (4, 1)
    assert target.read_text().splitlines() == [
        "client,agency,at,activity,reason",
        'N-3,Example Clinic North,2026-03-09 09:00,doula,"the time has no zone: add one, such as -08:00 or Z"',
    ]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--initiative", "nowhere"), "no initiative"),
        (("--client", "case"), "'case' is missing"),
        (("--mode", "telepathy"), "telepathy"),
        (("--refused", "/nonexistent/aside.csv"), "cannot be written"),
    ],
)
def test_wrong_usage_says_so_and_brings_in_nothing(
    environ: dict[str, str], log: Path, more: tuple[str, ...], says: str
) -> None:
    result = run(environ, log, *more)
    assert result.exit_code == 2
    assert says in " ".join(result.output.replace("│", " ").split())
    assert stored(environ) == []


def test_the_file_itself_is_not_overwritten(environ: dict[str, str], log: Path) -> None:
    assert run(environ, log, "--refused", str(log)).exit_code == 2
    assert log.read_text() == LOG


ROWS, BROKEN_EVERY = 10_000, 100
WRONG = {
    3: (",Example Clinic North,2026-03-02T09:00:00-08:00,doula", "client"),
    37: ("N-{row},Example Clinic North,last Tuesday,doula", "time"),
    71: ("N-{row},Example Clinic North,2999-01-01T09:00:00-08:00,doula", "future"),
}
"""Three rows of every hundred are broken, each in its own way, and what its reason has to speak of."""


def large(path: Path) -> list[tuple[str, str]]:
    """A log of 10,000 rows of which 3 % are broken; these, and what is wrong with each."""
    lines, wrong = ["client,agency,at,activity"], []
    for row in range(ROWS):
        broken = WRONG.get(row % BROKEN_EVERY)
        if broken:
            lines.append(broken[0].format(row=row))
            wrong.append((lines[-1], broken[1]))
        else:
            at = f"2026-{1 + row % 6:02}-{1 + row % 28:02}T{8 + row % 9:02}:{row % 60:02}:00-08:00"
            lines.append(
                f"N-{row % 1_500},Example Clinic North,{at},{'doula' if row % 3 else 'canary walk ' + str(row)}"
            )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return wrong


def test_r26_ten_thousand_rows_of_which_three_in_a_hundred_are_broken(environ: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    wrong = large(path)
    assert len(wrong) == ROWS * 3 // 100
    first = run(environ, path)
    assert first.exit_code == 1, first.output
    told = facts(first)
    assert (told["contacts"], told["there_already"], told["refused"]) == (9_700, 0, 300)
    with (tmp_path / "large.refused.csv").open(encoding="utf-8") as file:
        header, *refused = csv.reader(file)
    assert header[-1] == "reason"
    for cells, (row, about) in zip(refused, wrong, strict=True):
        assert ",".join(cells[:-1]) == row
        assert about in cells[-1], cells[-1]
    again = facts(run(environ, path))
    assert (again["contacts"], again["there_already"], again["refused"]) == (0, 9_700, 300)
    topics = [event["topic"] for event in stored(environ)]
    assert topics.count("contact.recorded.v1") == 9_700
