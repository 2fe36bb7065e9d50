"""What somebody of an agency looks after, and how it becomes a colleague's when they leave (R22)."""

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from services.referrals.application import claim
from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft
from services.referrals.application.saving import Decided, carry_out
from services.referrals.domain.charge import ChargeHandedOn
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import NotASide
from services.referrals.store.commit import Answer, WorkRow
from services.referrals.store.work_index import work_rows

MOST: Final = 200
"""How much is shown, and handed on by one command."""


@frozen
class Charges:
    """What a person looks after, the longest first, `MOST` at most; `more`: there is more of it.

    `claimed` are those that they only said they do.
    """

    rows: Sequence[WorkRow]
    claimed: frozenset[UUID]
    more: bool


async def held(desk: Desk, acting: Acting, person: str) -> Charges:
    """What a person of the caller's agency accepted, promised, leads, or said that they do, and has not ended."""
    rows = await desk.lists.held(acting.initiative, acting.agency, person, MOST + 1)
    known = {row.id for row in rows}
    claims = [each.row for each in await claim.standing(desk, acting) if each.claim.person == person]
    claimed = [row for row in claims if row.id not in known]
    both = [*rows[:MOST], *claimed][:MOST]
    return Charges(both, frozenset(row.id for row in claimed), len(rows) + len(claimed) > MOST)


async def hand_on(desk: Desk, acting: Acting, leaver: str, person: str, work: Collection[UUID] | None) -> None:
    """These things that `leaver` looks after, or the first `MOST` of all (None), are `person`'s from now on.

    What is not theirs any more stays as it is (R12). Raises NotASide for what is not the agency's.
    """
    ids = work if work is not None else [row.id for row in (await held(desk, acting, leaver)).rows]
    rows = await desk.lists.some(acting.initiative, acting.agency, ids, even_moot=True)
    found = {row.id: row for row in rows}
    if work is not None and found.keys() != set(ids):
        raise NotASide

    async def attempt(desk: Desk) -> Decided[None]:
        whole = Draft(acting, acting.correlation)
        for row in found.values():
            draft = whole.about(row.client_id)
            history = draft.touched.get(row.stream) or await desk.history(row.stream)
            now = {each.id: each for each in work_rows(history.events, desk.directory.due)}.get(row.id)
            if now is not None and (now.held_by, now.to_agency) == (leaver, acting.agency):
                draft.add(history, [ChargeHandedOn(person=person, domain=row.led[1] if row.led else None)])
            await claim.handed_over(desk, draft, row.id, leaver, person)
        return Decided(whole, Answer(200, {}, 0), None)

    await carry_out(desk, acting, attempt)
