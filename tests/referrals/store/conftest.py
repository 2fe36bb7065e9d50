"""Owns what the tests of the store have: its database as its owner sees it, who may do what the service may not."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.rows import TupleRow

from tests.fix_servers import Databases


@pytest.fixture
def owner(databases: Databases) -> Iterator[psycopg.Connection[TupleRow]]:
    with psycopg.connect(databases.dsn("referrals", "closeknit_owner"), autocommit=True) as made:
        yield made
