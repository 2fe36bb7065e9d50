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
    twice = await _shown_by_own(desk, acting, found.names)
    names = {id: name for id, name in found.names.items() if id not in twice}
    return names, (None, found.last) if found.last else None


async def _shown_by_own(desk: Desk, acting: Acting, ids: Iterable[UUID]) -> set[UUID]:
    """References that came, of clients whom the agency's own reference among these stands for: one woman (R21)."""
    states = {id: domain.fold(history.happened()) for id, history in (await desk.histories(ids)).items()}
    came = {id: state for id, state in states.items() if state is not None and state.agency != acting.agency}
    own = states.keys() - came
    return {id for id, state in came.items() if not own.isdisjoint(state.same.get(acting.agency, ()))}
