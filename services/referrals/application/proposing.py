"""Proposing a handoff: nothing of hers leaves until she agreed and it is offered."""

from collections.abc import Sequence
from uuid import UUID

from services.referrals.application import handoff_seen
from services.referrals.application.acting import Acting
from services.referrals.application.client import in_contact, known_client
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft, History
from services.referrals.application.episode import lead_of, pregnancies, to_lead_in
from services.referrals.application.episode_seen import fold
from services.referrals.application.handing_back import acted_upon
from services.referrals.application.handoff import Stepped
from services.referrals.application.handoff_seen import HandoffSeen
from services.referrals.application.identifiers import new_id
from services.referrals.application.listing import must_accept_here
from services.referrals.application.saving import Decided, before_writing, carry_out
from services.referrals.application.typed import write_note
from services.referrals.application.watching import open_ones
from services.referrals.domain import handoff
from services.referrals.domain.frozen import frozen
from services.referrals.domain.handoff import ENDED, ProposeHandoff
from services.referrals.domain.refusal import WrongState
from services.referrals.domain.vocabulary import HandoffKind, ResponsibilityDomain
from services.referrals.store.commit import Answer, WorkRow


@frozen(kw_only=True)
class Proposal:
    """What is to be handed over, to whom and how; `note` is text for the vault."""

    to_agency: str
    domain: ResponsibilityDomain
    kind: HandoffKind
    reason_code: str | None = None
    note: str | None = None


async def propose(desk: Desk, acting: Acting, client: UUID, wish: Proposal) -> Stepped:
    """Propose it for her open pregnancy. Raises NotInDirectory, NotASide, and what the domain refuses."""
    note = None
    if wish.note:
        if (kept := await before_writing(desk, acting)) is not None:
            return await _again(desk, acting, kept)
        await known_client(desk, acting, client)
        note = await write_note(desk, acting, client, wish.note, tags=[wish.domain])
    id = new_id()

    async def attempt(desk: Desk) -> Decided[HandoffSeen]:
        found = await desk.look(client)
        in_contact(acting, found, client)
        acting.call.makes_new()
        must_accept_here(desk.directory, acting.initiative, wish.to_agency)
        # Whoever neither opened one nor leads in it is not told that there is one (R4).
        open_one = to_lead_in(acting, await pregnancies(desk, client), wish.domain)
        if open_one is None:
            raise WrongState("none", "episode-not-open")
        command = ProposeHandoff(
            agency=acting.agency,
            at=acting.at,
            to_agency=wish.to_agency,
            domain=wish.domain,
            kind=wish.kind,
            episode=open_one.stream,
            lead=lead_of(fold(open_one), wish.domain),
            reason_code=wish.reason_code,
            note=note,
            open_twin=_open_twin(acting, found.work, wish),
            watch=await open_ones(desk, acting, found.work, wish.domain),
        )
        draft = Draft(acting, client)
        after = handoff_seen.seen(desk, acting, draft.add(History(id), handoff.decide(command, None)))
        draft.work.append(after.work)
        await acted_upon(desk, draft, found.work, wish.domain)
        return Decided(draft, Answer(201, {"handoff": id, "client": client}, after.version), after)

    done = await carry_out(desk, acting, attempt)
    return Stepped(done.view, replayed=False) if done.view is not None else await _again(desk, acting, done.answer)


def _open_twin(acting: Acting, work: Sequence[WorkRow], wish: Proposal) -> UUID | None:
    """An open handoff of this agency's own of the same domain to the same receiver."""
    for row in work:
        same = row.kind == "handoff" and row.from_agency == acting.agency and row.to_agency == wish.to_agency
        if same and row.domain == wish.domain and row.state not in ENDED:
            return row.id
    return None


async def _again(desk: Desk, acting: Acting, kept: Answer) -> Stepped:
    first = (await desk.history(kept.ids["handoff"])).at(kept.version)
    return Stepped(handoff_seen.seen(desk, acting, first), replayed=True)
