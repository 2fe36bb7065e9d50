"""Owns what every test has: the plugins that give it servers and a browser, and how large a proof is."""

import os
from collections import defaultdict
from collections.abc import Callable, Set
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

from services.runtime.garbage import settle

pytest_plugins = ["tests.fix_servers", "tests.fix_browser", "tests.fix_vault", "tests.fix_line"]

# A busy machine is no failure: what has to be fast is measured by a bench.
settings.register_profile("closeknit", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fast", settings.get_profile("closeknit"), max_examples=25)
settings.load_profile("closeknit")


def large() -> bool:
    """Whether this run is `make prove`."""
    return os.environ.get("CLOSEKNIT_PROOF") == "large"


ON_THE_LINE = (
    "tests/browser/",
    "tests/e2e/",
    "tests/privacy/test_matrix.py",
    "tests/privacy/test_not_found.py",
    "tests/privacy/test_shred.py",
    "tests/privacy/test_unlinkable.py",
)
"""What asks for the whole line: on one process, or each would start one of its own."""


class _OneLine(LoadFileScheduling):  # type: ignore[misc]
    """A file a process, and all that need the line on the same."""

    def _split_scope(self, nodeid: str) -> str:
        return "line" if nodeid.startswith(ON_THE_LINE) else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    """How `make test` shares the tests out between two processes."""
    return _OneLine(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In `make prove` nothing is ended for being long; everywhere long files go first, so that all processes end alike.

    After the marks of the plugins and the shuffle; `--no-loadscope-reorder` keeps this order between processes.
    """
    for item in items if large() else ():
        item.add_marker(pytest.mark.timeout(0), append=False)
    files = defaultdict[Path, set[str]](set)
    for item in items:
        files[item.path] |= {mark.name for mark in item.iter_markers()}
    items.sort(key=lambda item: _turn(item.nodeid, files[item.path]))


def _turn(nodeid: str, marks: Set[str]) -> int:
    """The longest first: all of the line, then what needs a server; what needs nothing fills the end.

    On the line, people at their lists come before what fills these lists with hundreds of women.
    """
    if nodeid.startswith(ON_THE_LINE):
        return 0 if nodeid.startswith("tests/browser/") else 1
    return 3 if marks.isdisjoint({"servers", "browser", "slow"}) else 2


def pytest_collection_finish() -> None:
    """All modules and twelve thousand tests stay until the end: nobody looks for cycles among them again and again."""
    settle()


@pytest.fixture(scope="session")
def sized() -> Callable[[int, int], int]:
    """Choose between the size of a proof in every run and its size in `make prove`."""
    return lambda small, proved: proved if large() else small
