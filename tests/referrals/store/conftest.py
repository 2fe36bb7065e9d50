"""Owns what the tests of the store have: its database as its owner sees it, who may do what the service may not."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.rows import TupleRow

from services.runtime.postgres.behalf import across
from tests.fix_servers import Databases


@pytest.fixture(autouse=True)
def across_agencies() -> Iterator[None]:
    """These tests ask for many agencies at once; whom the store answers is in test_row_security.py."""
    with across("import"), across("timers"):
        yield


@pytest.fixture
def owner(databases: Databases) -> Iterator[psycopg.Connection[TupleRow]]:
    with psycopg.connect(databases.dsn("referrals", "closeknit_owner"), autocommit=True) as made:
        yield made
