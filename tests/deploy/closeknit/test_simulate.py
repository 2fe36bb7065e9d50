"""`closeknit simulate` does not exist in production, and says what is missing."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from deploy.closeknit import main
from deploy.local.issuer import NotInProduction
from deploy.simulator.live import trickle
from deploy.simulator.seed import Size, seed
from services.referrals.vault.keys import ensure_root_key

if TYPE_CHECKING:
    from tests.fix_servers import Databases

INITIATIVES = Path(__file__).parents[3] / "deploy" / "initiatives"


@pytest.fixture
def production(databases: "Databases", tmp_path: Path) -> dict[str, str]:
    ensure_root_key(tmp_path / "keys")
    return databases.environ() | {
        "CLOSEKNIT_ENVIRONMENT": "production",
        "CLOSEKNIT_KEYS": str(tmp_path / "keys"),
        "CLOSEKNIT_INITIATIVES": str(INITIATIVES),
        "CLOSEKNIT_ISSUER": "http://127.0.0.1:1",
        "CLOSEKNIT_ISSUER_KEYS": str(tmp_path / "issuer"),
        "CLOSEKNIT_PUBLIC_URL": "http://127.0.0.1:1",
    }


async def test_there_is_no_history_in_production(production: dict[str, str]) -> None:
    with pytest.raises(NotInProduction):
        await seed(["fresno-ptbi"], Size(1, 1), number=1, environ=production)


async def test_there_is_no_trickle_in_production(production: dict[str, str]) -> None:
    with pytest.raises(NotInProduction):
        await trickle(["fresno-ptbi"], 1, number=1, environ=production, told=print)


def test_both_are_one_sentence_and_the_exit_code_of_a_part_that_is_not_there() -> None:
    assert main.said(NotInProduction("only in development")) == ("only in development", 3)
