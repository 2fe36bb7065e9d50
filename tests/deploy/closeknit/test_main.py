"""The command line: help everywhere, exit codes, and errors that say nothing of what they were about."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import typer

from deploy.closeknit.main import FAILED, PART_MISSING, app, said
from deploy.closeknit.token import check
from deploy.local.child import ChildFailed, PartMissing
from services.runtime.settings import SettingsProblem

INITIATIVES = Path(__file__).parents[3] / "deploy" / "initiatives"
CLOSEKNIT = Path(sys.executable).with_name("closeknit")


def closeknit(home: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CLOSEKNIT_")}
    environ |= {"CLOSEKNIT_HOME": str(home / ".closeknit"), "COLUMNS": "200"}
    environ |= {f"CLOSEKNIT_{name}": value for name, value in settings.items()}
    return subprocess.run([CLOSEKNIT, *arguments], env=environ, capture_output=True, text=True, check=False)


def commands() -> list[tuple[str, ...]]:
    group = typer.main.get_command(app)
    found: list[tuple[str, ...]] = []
    for name, command in getattr(group, "commands", {}).items():
        found.append((name,))
        found += [(name, inner) for inner in getattr(command, "commands", {})]
    return found


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_says_what_it_does(command: tuple[str, ...]) -> None:
    group = typer.main.get_command(app)
    for name in command:
        group = getattr(group, "commands")[name]  # noqa: B009 -- typer's groups are untyped here
    assert group.help, f"{' '.join(command)} has no help"


@pytest.mark.slow
def test_wrong_usage_exits_with_two(tmp_path: Path) -> None:
    assert closeknit(tmp_path, "status", "--sideways").returncode == 2


@pytest.mark.slow
def test_nothing_running_exits_with_one(tmp_path: Path) -> None:
    done = closeknit(tmp_path, "status")
    assert done.returncode == FAILED
    assert "nothing runs here" in done.stdout


@pytest.mark.slow
def test_down_where_nothing_runs_is_fine(tmp_path: Path) -> None:
    assert closeknit(tmp_path, "down").returncode == 0


@pytest.mark.slow
def test_a_missing_part_exits_with_three_and_one_sentence(tmp_path: Path) -> None:
    done = closeknit(tmp_path, "token", "--initiative", "fresno-ptbi", "--role", "staff")
    assert done.returncode == PART_MISSING
    assert done.stderr == ("closeknit: No issuer is known: `closeknit up` starts one here, or set CLOSEKNIT_ISSUER.\n")


@pytest.mark.slow
@pytest.mark.parametrize(
    "asked",
    [
        ("nosuch", "--initiative", "fresno-ptbi"),
        ("response_rate", "--initiative", "nowhere"),
        ("response_rate", "--initiative", "fresno-ptbi", "--since", "2027-01-01", "--until", "2026-01-01"),
        ("response_rate", "--initiative", "fresno-ptbi", "--cutoff", "2999-01-01T00:00:00Z"),
        ("response_rate", "--initiative", "fresno-ptbi", "--version", "9"),
        ("agency_changes", "--initiative", "fresno-ptbi", "--by", "owner"),
        ("agency_changes", "--initiative", "fresno-ptbi", "--by", "luck"),
    ],
    ids=["measure", "initiative", "span", "future", "version", "breakdown", "no breakdown"],
)
def test_a_figure_of_what_is_not_there_is_wrong_usage(tmp_path: Path, asked: tuple[str, ...]) -> None:
    nowhere = {"MEASURES_DSN": "postgresql://somebody@127.0.0.1:1/measures", "KAFKA": "127.0.0.1:1"}
    assert closeknit(tmp_path, "measures", "compute", *asked, **nowhere, ENVIRONMENT="development").returncode == 2


@pytest.mark.parametrize(
    ("initiative", "roles", "agency", "groups"),
    [
        ("nowhere", ["staff"], "example-clinic-north", []),
        ("fresno-ptbi", ["bogus"], "example-clinic-north", []),
        ("fresno-ptbi", ["client"], "example-clinic-north", []),
        ("fresno-ptbi", ["staff"], "nobody", []),
        ("fresno-ptbi", ["staff"], None, []),
        ("fresno-ptbi", ["working_group"], None, ["nosuch"]),
    ],
    ids=["initiative", "role", "her role", "agency", "no agency", "group"],
)
def test_no_token_is_made_for_what_is_not_there(
    initiative: str, roles: list[str], agency: str | None, groups: list[str]
) -> None:
    with pytest.raises(typer.BadParameter):
        check(INITIATIVES, initiative, roles, agency=agency, groups=groups)


def test_a_token_is_made_for_what_is_there() -> None:
    check(INITIATIVES, "fresno-ptbi", ["staff", "case_manager"], agency="example-clinic-north", groups=[])
    check(INITIATIVES, "fresno-ptbi", ["working_group"], agency=None, groups=["shared-measures"])


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (PartMissing("the cure"), PART_MISSING),
        (ChildFailed("its last lines"), FAILED),
        (SettingsProblem({"CLOSEKNIT_KEYS": "is not set"}), PART_MISSING),
        (psycopg.OperationalError("at 127.0.0.1"), PART_MISSING),
        (ModuleNotFoundError("psutil"), PART_MISSING),
    ],
)
def test_known_errors_mean_their_exit_code(error: Exception, code: int) -> None:
    assert said(error)[1] == code


def test_an_unknown_error_tells_its_type_and_place_alone() -> None:
    try:
        raise ValueError("Testa Canary, born 1999-09-09")
    except ValueError as error:
        sentence, code = said(error)
    assert sentence.startswith("ValueError, ")
    assert "Canary" not in sentence
    assert code == FAILED


def test_a_servers_error_text_is_not_shown() -> None:
    sentence, _ = said(psycopg.errors.UniqueViolation("Key (name)=(Testa Canary) already exists"))
    assert "Canary" not in sentence
