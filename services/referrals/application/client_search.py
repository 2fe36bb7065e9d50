"""Finding one's own clients by a name, a phone or a number: each woman once (R21)."""

from collections.abc import Iterable
from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.work import Part, Place
from services.referrals.domain import client as domain
from services.referrals.vault.identity import Name


async def search(desk: Desk, acting: Acting, text: str, part: Part) -> tuple[dict[UUID, Name | None], Place | None]:
    """A part of the agency's own clients that match every word of `text`, sorted by name; where more are, its place."""
    after = part.after[1] if part.after else None
    found = await desk.vault.search.clients(acting.initiative, acting.agency, text, limit=part.limit, after=after)
    shown = await _each_once(desk, acting, found.names)
    names = {id: name for id, name in found.names.items() if id in shown}
    return names, (None, found.last) if found.last else None


async def _each_once(desk: Desk, acting: Acting, ids: Iterable[UUID]) -> set[UUID]:
    """Those of these references that stand for somebody: whom no event names, a refused request left, until the sweep;
    a reference that came is stood for by the agency's own among these: one woman (R21).
    """
    histories = (await desk.histories(ids)).items()
    states = {id: state for id, each in histories if (state := domain.fold(each.happened())) is not None}
    own = {id for id, state in states.items() if state.agency == acting.agency}
    return own | {id for id, state in states.items() if own.isdisjoint(state.same.get(acting.agency, ()))}
