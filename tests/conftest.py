"""Owns what every test has: the plugins that give it servers and a browser, and how large a proof is."""

import os
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings

from services.runtime.garbage import settle

pytest_plugins = ["tests.fix_servers", "tests.fix_browser", "tests.fix_vault", "tests.fix_system", "tests.fix_line"]

# A busy machine is no failure: what has to be fast is measured by a bench.
settings.register_profile("closeknit", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fast", settings.get_profile("closeknit"), max_examples=25)
settings.load_profile("closeknit")


def large() -> bool:
    """Whether this run is `make prove`."""
    return os.environ.get("CLOSEKNIT_PROOF") == "large"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In `make prove` nothing is ended for being long, whatever its own mark says."""
    for item in items if large() else ():
        item.add_marker(pytest.mark.timeout(0), append=False)


def pytest_collection_finish() -> None:
    """All modules and twelve thousand tests stay until the end: nobody looks for cycles among them again and again."""
    settle()


@pytest.fixture(scope="session")
def sized() -> Callable[[int, int], int]:
    """Choose between the size of a proof in every run and its size in `make prove`."""
    return lambda small, proved: proved if large() else small
