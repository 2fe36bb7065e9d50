"""Owns on whose behalf the tests of the application's tasks ask the store: across agencies, as those tasks do."""

from collections.abc import Iterator

import pytest

from services.runtime.postgres.behalf import across


@pytest.fixture(autouse=True)
def across_agencies() -> Iterator[None]:
    """As the programs do that run alone."""
    with across("import"):
        yield
