"""What an emergency opens to one person for three hours, and that each look is written down and told (R1)."""

from collections.abc import Collection, Mapping
from uuid import UUID

from services.referrals.application.across import Shared
from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.disclosure import Showing, recording
from services.referrals.application.draft import Draft, History
from services.referrals.application.identifiers import new_id
from services.referrals.application.inquiry import open_in
from services.referrals.application.saving import ATTEMPTS
from services.referrals.domain import break_glass, disclosure
from services.referrals.domain.break_glass import Emergency, Glass, glass_id
from services.referrals.domain.inquiry import Cause, OpenInquiry
from services.referrals.domain.vocabulary import DisclosureKind
from services.referrals.store.commit import Commit, Conflicted
from services.referrals.store.work_index import work_rows
from services.runtime.postgres import Overloaded


async def open_now(desk: Desk, acting: Acting, hers: Collection[UUID]) -> list[Glass]:
    """What this person broke for one of these references of hers and is open at this second: what opens the most comes
    first."""
    asked = [glass_id(each, acting.agency, acting.subject, kind) for kind in Emergency for each in hers]
    found = await desk.histories(asked)
    states = (break_glass.fold(found[id].happened()) for id in asked)
    return [state for state in states if state is not None and state.is_open(acting.at)]


async def looked(desk: Desk, acting: Acting, client: UUID, glass: Glass, shared: Shared) -> None:
    """Write one look down, before it is answered: on her list each time, and for the officers of all whose entries it
    shows. Raises Overloaded, Unavailable: then nothing may be shown."""
    for _ in range(ATTEMPTS):
        draft = Draft(acting, client)
        for showing in shared.behind or (Showing(client=client),):
            look = recording(acting, DisclosureKind.BREAK_GLASS, showing)
            draft.about(showing.client).add(History(new_id()), disclosure.decide(look, None))
        await tell(desk, draft, glass, shared.owners)
        rows = [row for history in draft.touched.values() for row in work_rows(history.events, desk.directory.due)]
        if not isinstance(await desk.writer.append(Commit(tuple(draft.events), work=tuple(rows))), Conflicted):
            return
    raise Overloaded


async def tell(desk: Desk, draft: Draft, glass: Glass, owners: Mapping[str, UUID]) -> None:
    """Adds what the officers of these agencies are to look at, each about the client as their own agency has her."""
    if glass.id is None:
        return
    for client, agencies in _by_client(owners).items():
        asked = OpenInquiry(
            to_agency=draft.acting.agency, cause=Cause.BREAK_GLASS, about=glass.id, text=glass.broken.reason
        )
        await open_in(desk, draft.about(client), agencies, asked)


def _by_client(owners: Mapping[str, UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    for agency, client in owners.items():
        found.setdefault(client, []).append(agency)
    return found
