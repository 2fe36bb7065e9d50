"""The settings that are told of are those that the processes read."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy import settings_page
from services.gateway.settings import GatewaySettings
from services.runtime.settings import RuntimeSettings


def test_the_page_is_what_the_processes_read() -> None:
    assert settings_page.PAGE.read_text() == settings_page.text(), "run python -m deploy.settings_page"


def test_a_new_setting_makes_the_page_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    class Wider(RuntimeSettings):
        colour: str = "green"

    monkeypatch.setattr(settings_page, "variables", lambda _: Wider.variables())
    assert "| `CLOSEKNIT_COLOUR` | green |" in settings_page.text()
    assert settings_page.PAGE.read_text() != settings_page.text()


def test_what_limits_in_production_without_being_named_is_told() -> None:
    settings = GatewaySettings.model_validate({"issuer": "https://issuer.invalid", "session_key": "0" * 64})
    for name, rate in settings.rates.items():
        assert f"| `CLOSEKNIT_{name.upper()}_RATE` | not set; {rate:g} in production |" in settings_page.text()


@pytest.mark.slow
@pytest.mark.parametrize("process", settings_page.PROCESSES)
def test_help_lists_the_settings(process: str) -> None:
    command = [str(Path(sys.executable).with_name("closeknit")), *process.split(), "--help"]
    environ = {**os.environ, "COLUMNS": "200", "TERM": "dumb"}
    said = subprocess.run(command, env=environ, capture_output=True, text=True, check=True).stdout
    assert [name for name in settings_page.variables(process) if name not in said] == []
