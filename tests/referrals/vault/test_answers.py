import asyncio
from datetime import UTC, datetime, timedelta

from services.referrals.vault.answers import FirstAnswer
from services.referrals.vault.vault import Vault
from tests.fix_vault import CLINIC, HUB


async def test_r9_the_first_answer_stands(vault: Vault) -> None:
    assert await vault.answers.find(CLINIC, "create_note", "key") is None
    twins = [FirstAnswer(bytes([n]), f"answer {n}") for n in range(8)]
    kept = await asyncio.gather(*(vault.answers.keep(CLINIC, "create_note", "key", twin) for twin in twins))
    assert len(set(kept)) == 1
    assert await vault.answers.find(CLINIC, "create_note", "key") == kept[0]
    assert await vault.answers.find(HUB, "create_note", "key") is None
    assert await vault.answers.find(CLINIC, "correct_identity", "key") is None


async def test_r9_answers_are_forgotten_after_30_days(vault: Vault) -> None:
    await vault.answers.keep(CLINIC, "create_note", "key", FirstAnswer(b"f", "answer"))
    now = datetime.now(UTC)
    assert await vault.answers.forget(now + timedelta(days=29)) == 0
    assert await vault.answers.forget(now + timedelta(days=31)) == 1
    assert await vault.answers.find(CLINIC, "create_note", "key") is None
