"""The command `rebuild worklists` finds a system, says what it did, and needs the owner."""

import json

import pytest
from typer.testing import CliRunner

from deploy.closeknit.main import app
from deploy.local.child import PartMissing
from tests.fix_servers import Databases

RUNNER = CliRunner()


def test_work_lists_of_an_empty_store_are_empty(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in databases.environ().items():
        monkeypatch.setenv(name, value)
    done = RUNNER.invoke(app, ["rebuild", "worklists"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.output) == {"rows": 0, "changed": 0}


def test_without_the_owner_nothing_is_touched(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOSEKNIT_REFERRALS_DSN", databases.dsn("referrals"))
    done = RUNNER.invoke(app, ["rebuild", "worklists"])
    assert isinstance(done.exception, PartMissing)
