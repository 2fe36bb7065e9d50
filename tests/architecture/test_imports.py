"""Imports point where the design says; each rule of pyproject.toml goes red on a planted breach."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Contract -> (a module that breaks it, what is written there).
PLANTED = {
    "Nothing imports deploy; contracts is the bottom": ("services/measures/settings.py", "import deploy.databases"),
    "Services meet only in contracts": ("services/gateway/settings.py", "import services.referrals.settings"),
    "Inside a service, imports point down": ("services/measures/helpers.py", '"""A dumping ground."""'),
    "Inside the gateway, imports point down": ("services/gateway/extras.py", '"""A dumping ground."""'),
    "runtime is at the bottom of services": ("services/runtime/clock.py", "import services.gateway"),
    "runtime knows no contract": ("services/runtime/settings.py", "import contracts"),
    "contracts is a leaf": ("contracts/initiative/initiative.py", "import psycopg"),
    "The domain does no IO": ("services/referrals/domain/fact.py", "import psycopg"),
    "Only the application and the wiring may reach the vault": (
        "services/referrals/api/__init__.py",
        "import services.referrals.vault",
    ),
}


def lint(root: Path) -> dict[str, bool]:
    """Run import-linter on a tree; returns which contract is kept."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--config", "pyproject.toml", "--no-cache"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    kept = dict(re.findall(r"^(.+?) (KEPT|BROKEN)", done.stdout, re.MULTILINE))
    assert kept, done.stdout + done.stderr
    assert (done.returncode == 0) == all(word == "KEPT" for word in kept.values())
    return {name: word == "KEPT" for name, word in kept.items()}


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bool]:
    """A copy of the house in which every rule is broken once."""
    copy = tmp_path_factory.mktemp("house")
    for package in ("services", "contracts", "deploy"):
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    for name, line in PLANTED.values():
        with (copy / name).open("a") as file:
            file.write(f"\n{line}\n")
    return lint(copy)


def test_imports_point_where_the_design_says() -> None:
    kept = lint(ROOT)
    assert [name for name, is_kept in kept.items() if not is_kept] == []
    assert kept.keys() == PLANTED.keys(), "each rule has its planted breach"


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_breach_breaks_the_rule(broken: dict[str, bool], name: str) -> None:
    assert not broken[name]


WITHOUT_HTTP = ("services.referrals.main", "services.measures.main", "deploy.local.system")
"""What relay, timers and consumer begin with, and every command about a local run: HTTP would double their start."""
HTTP = frozenset({"aiohttp", "fastapi", "starlette", "uvicorn"})


def loaded(*modules: str) -> set[str]:
    """What a new Python has loaded once it imported these."""
    code = f"import sys, {', '.join(modules)}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_what_serves_nobody_begins_without_http() -> None:
    assert loaded(*WITHOUT_HTTP) & HTTP == set()


def test_what_begins_with_http_is_seen() -> None:
    assert loaded("services.referrals.serving") >= HTTP
