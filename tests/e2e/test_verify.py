"""`closeknit verify` on the real parts: nothing where all is well, and each change by hand."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any, LiteralString

import psycopg
import pytest

from tests.fix_line import Line

LOG = """client,agency,at,activity
V-1,example-clinic-north,2026-03-02T09:00:00-08:00,prenatal_care_navigation
V-1,example-doula-network,2026-03-09T09:00:00-07:00,doula
"""


@pytest.fixture(scope="module")
def filled(line: Line, tmp_path_factory: pytest.TempPathFactory) -> Line:
    """The line of this run with a few events more, all of them in measures; each test puts back what it changes."""
    log = tmp_path_factory.mktemp("verify") / "verified.csv"
    log.write_text(LOG)
    assert line.command("import", "contacts", str(log), "--initiative", "fresno-ptbi").exit_code == 0
    line.settled()
    return line


def verified(line: Line, code: int) -> dict[str, Any]:
    result = line.command("verify", "--deep", "--json")
    assert result.exit_code == code, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@contextlib.contextmanager
def changed(dsn: str, change: LiteralString, back: LiteralString) -> Iterator[None]:
    """A change by somebody with all rights, and its undoing."""
    for_good = "SET session_replication_role = replica"
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(for_good)
        connection.execute(change)
        try:
            yield
        finally:
            connection.execute(back)


def test_where_all_is_well_there_is_no_difference(filled: Line) -> None:
    done = filled.system.json("verify", "--deep")
    assert done["difference"] is None
    assert 0 < done["records"] <= done["events"]
    assert done["rows"] == done["records"]


def test_a_changed_event_is_seen(filled: Line) -> None:
    change: LiteralString = (
        "UPDATE stored_events SET occurred_at = occurred_at + interval '1 h' WHERE notification_id = 1"
    )
    back: LiteralString = (
        "UPDATE stored_events SET occurred_at = occurred_at - interval '1 h' WHERE notification_id = 1"
    )
    with changed(filled.settings["CLOSEKNIT_REFERRALS_OWNER_DSN"], change, back):
        assert verified(filled, 1)["difference"] == ("event store, position 1: the event is not as it was stored")
    assert verified(filled, 0)["difference"] is None


def test_a_changed_row_of_measures_is_seen(filled: Line) -> None:
    change: LiteralString = "UPDATE live.facts SET agency = 'x' || agency WHERE position = 1"
    back: LiteralString = "UPDATE live.facts SET agency = substr(agency, 2) WHERE position = 1"
    with changed(filled.settings["CLOSEKNIT_MEASURES_OWNER_DSN"], change, back):
        assert "its agency is not what the store says" in verified(filled, 1)["difference"]
    assert verified(filled, 0)["difference"] is None


def test_a_work_row_that_nobody_caused_is_seen(filled: Line) -> None:
    change: LiteralString = (
        "INSERT INTO work_index SELECT (jsonb_populate_record(NULL::work_index, jsonb_build_object("
        "'kind', 'referral', 'id', '00000000-0000-7000-8000-000000000001', 'initiative', 'fresno-ptbi',"
        " 'client_id', '00000000-0000-4000-8000-000000000001', 'from_agency', 'example-clinic-north',"
        " 'to_agency', 'example-doula-network', 'state', 'sent', 'category', 'doula-support', 'priority', 'routine',"
        " 'mode', 'direct', 'sent_at', now(), 'moot', false, 'version', 1))).*"
    )
    back: LiteralString = "DELETE FROM work_index WHERE id = '00000000-0000-7000-8000-000000000001'"
    with changed(filled.settings["CLOSEKNIT_REFERRALS_OWNER_DSN"], change, back):
        assert verified(filled, 1)["difference"] == "work lists: 1 rows are not what the events say"
    assert verified(filled, 0)["difference"] is None
