"""Saving what a command decided: the group commit, another try when a stream moved, the first answer again (R9)."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import Refusal
from services.referrals.store.commit import (
    Answer,
    Commit,
    Conflicted,
    IdempotencyKey,
    KeyReused,
    Replayed,
    Stored,
)
from services.referrals.store.recall import Recall
from services.referrals.store.work_index import work_rows
from services.runtime.http.call import in_step
from services.runtime.http.problem import Problem, idempotency_key_required, idempotency_key_reused
from services.runtime.postgres import Overloaded

ATTEMPTS = 7
"""How often a command is decided anew when others were first; then it is told to come back (503)."""

View = TypeVar("View")


@frozen
class Decided(Generic[View]):
    """What one attempt came to: what to store (no events: it is so already, R12), the answer to keep, and its view."""

    draft: Draft
    answer: Answer
    view: View


@frozen
class Done(Generic[View]):
    """A command that is durable. `view` is None for a replay: it is then made from `answer`'s ids and version."""

    answer: Answer
    view: View | None


async def carry_out(desk: Desk, acting: Acting, attempt: Callable[[Desk], Awaitable[Decided[View]]]) -> Done[View]:
    """Load, decide and save, until it is stored, refused, or known from before.

    What an attempt reads at the desk that it is given may be remembered, and so be old: the commit expects all of it as
    it was read, and nobody is refused, or told that it is so already, but upon what was read anew.

    Raises Refusal; Problem (412; 422 for a key that came with another body); Overloaded, Unavailable (503).
    """
    key = key_of(desk, acting)
    loop = asyncio.get_running_loop()
    for number in range(ATTEMPTS):
        at, recall = desk.attempting(anew=number > 0)
        await in_step()
        try:
            decided = await attempt(at)
        except (Refusal, Problem):
            if recall.remembered:
                continue
            # A command that succeeded before is not refused now because it did: its first answer comes again.
            if key is not None and (kept := await _kept(desk, key)) is not None:
                return Done(kept, None)
            raise
        if not decided.draft.events and key is None:
            if recall.remembered:
                continue
            return Done(decided.answer, decided.view)
        if loop.time() > acting.call.deadline:
            break
        await in_step()
        match await desk.writer.append(_commit(desk, decided, key, recall)):
            case Stored():
                return Done(decided.answer, decided.view)
            case Replayed(answer=answer):
                return Done(answer, None)
            case KeyReused():
                raise idempotency_key_reused()
            case Conflicted():
                continue
    raise Overloaded


def key_of(desk: Desk, acting: Acting) -> IdempotencyKey | None:
    """The caller's key with the keyed hash of what it sent. Raises 422 where a system sent none (interface.md 3)."""
    call = acting.call
    if call.idempotency_key is None:
        if acting.is_system:
            raise idempotency_key_required()
        return None
    fingerprint = desk.vault.fingerprints.of(acting.asked, agency=acting.agency)
    # The key is the caller's own text: some make it of a name. The store keeps its keyed hash.
    key = desk.vault.fingerprints.of(call.idempotency_key.encode(), agency=acting.agency).hex()
    return IdempotencyKey(acting.agency, call.operation, key, fingerprint)


async def before_writing(desk: Desk, acting: Acting) -> Answer | None:
    """The first answer to this very command, for commands that write to the vault before the store (R9)."""
    key = key_of(desk, acting)
    return None if key is None else await _kept(desk, key)


async def _kept(desk: Desk, key: IdempotencyKey) -> Answer | None:
    match (await desk.reader.look(key=key)).before:
        case Replayed(answer=answer):
            return answer
        case KeyReused():
            raise idempotency_key_reused()
        case _:
            return None


def _commit(desk: Desk, decided: Decided[View], key: IdempotencyKey | None, recall: Recall) -> Commit:
    draft = decided.draft
    rows = {row.id: row for row in draft.work}
    for id, history in draft.touched.items():
        if id not in rows:
            rows |= {row.id: row for row in work_rows(history.events, desk.directory.due)}
    return Commit(
        events=tuple(draft.events),
        expect=recall.expect,
        looked=recall.looked,
        work=tuple(rows.values()),
        key=key,
        answer=decided.answer if key is not None else None,
    )
