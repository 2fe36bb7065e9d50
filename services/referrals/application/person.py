"""A client as a person: who she says she is (R7), who she is, and whether anybody reaches out to her (R5)."""

from datetime import date
from uuid import UUID

from services.referrals.application import client as clients
from services.referrals.application.acting import Acting
from services.referrals.application.client import ClientSeen
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft, History
from services.referrals.application.episode import pregnancies
from services.referrals.application.episode_seen import fold
from services.referrals.application.saving import Decided, carry_out
from services.referrals.domain import client as domain
from services.referrals.domain import episode
from services.referrals.domain.age import band_in_pregnancy
from services.referrals.domain.client import (
    ClientCommand,
    DemographicsStated,
    PauseOutreach,
    ResumeOutreach,
    StateDemographics,
)
from services.referrals.domain.episode import StateAgeBand
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import NotASide
from services.referrals.domain.vocabulary import DetailedGroup, Payer, RaceEthnicity, StatedBy
from services.referrals.store.commit import Answer
from services.referrals.vault.identity import Identity
from services.referrals.vault.open_keys import Holder


@frozen
class PersonStepped:
    """A client after a command, or after the first one once more."""

    seen: ClientSeen
    replayed: bool


@frozen(kw_only=True)
class Stating:
    """What she says of herself, or what was seen or imported; where she lives is read from the agency's own record."""

    race_ethnicity: tuple[RaceEthnicity, ...] = ()
    detailed: tuple[DetailedGroup, ...] = ()
    declined: bool = False
    source: StatedBy = StatedBy.SELF_REPORTED
    language: str | None = None
    interpreter: bool | None = None
    payer: Payer | None = None


async def state_demographics(desk: Desk, acting: Acting, client: UUID, said: Stating) -> PersonStepped:
    """State it anew, as a whole (R7)."""
    await clients.known_client(desk, acting, client)
    where = await _zip_code(desk, acting, client)
    stated = _stated(desk, acting, said, where)
    return await step(desk, acting, client, StateDemographics(agency=acting.agency, at=acting.at, stated=stated))


async def pause(desk: Desk, acting: Acting, client: UUID) -> PersonStepped:
    """Nobody reaches out to her until it is resumed, at whatever agency; no event says why (R5)."""
    return await step(desk, acting, client, PauseOutreach(agency=acting.agency, at=acting.at))


async def resume(desk: Desk, acting: Acting, client: UUID) -> PersonStepped:
    """She may be reached out to again."""
    return await step(desk, acting, client, ResumeOutreach(agency=acting.agency, at=acting.at))


async def correct_identity(desk: Desk, acting: Acting, client: UUID, identity: Identity) -> PersonStepped:
    """State anew who she is: into the vault; what figures ask of it follows as events, where it changed (R7).

    Who accepted her without having registered her begins a record of its own with it (R1): nobody else reads that.
    Raises NotASide, WrongState before it has answered what brought her, NumberInUse.
    """
    before = await clients.known_client(desk, acting, client)
    acting.call.require(before.version)
    clients.taken_on(acting, await clients.look(desk, acting, client), client)
    if identity.birth_date is not None:
        band_in_pregnancy(identity.birth_date, acting.today)
    own = desk.vault.rows.of(acting.agency, "own record", client.hex, "identity", b"")
    await desk.vault.identities.correct(acting.initiative, acting.agency, client, identity, own)

    async def attempt(desk: Desk) -> Decided[ClientSeen]:
        draft = Draft(acting, client)
        history = await desk.history(client)
        stated = told(history).stated.get(acting.agency)
        if stated is not None:
            where = identity.address.zip if identity.address else None
            moved = stated.model_copy(update=_place(desk, acting, where))
            command = StateDemographics(agency=acting.agency, at=acting.at, stated=moved)
            history = draft.add(history, domain.decide(command, told(history)))
        await _bands(desk, draft, identity.birth_date)
        after = ClientSeen(history, told(history), before.since, acting)
        return Decided(draft, Answer(200, {"client": client}, after.version), after)

    done = await carry_out(desk, acting, attempt)
    return PersonStepped(done.view or before, replayed=done.view is None)


async def step(
    desk: Desk,
    acting: Acting,
    client: UUID,
    command: ClientCommand,
) -> PersonStepped:
    """One command about a client whom the agency knows, and what follows from it in the same commit."""

    async def attempt(desk: Desk) -> Decided[ClientSeen]:
        found = await clients.look(desk, acting, client)
        before = clients.known(acting, found, client)
        with acting.call.meant_for(before.version):
            facts = domain.decide(command, told(found[client]))
        if facts:
            acting.call.require(before.version)
        draft = Draft(acting, client)
        history = draft.add(found[client], facts)
        after = ClientSeen(history, told(history), before.since, acting)
        return Decided(draft, Answer(200, {"client": client}, after.version), after)

    done = await carry_out(desk, acting, attempt)
    if done.view is not None:
        return PersonStepped(done.view, replayed=False)
    return PersonStepped(await clients.known_client(desk, acting, client), replayed=True)


async def _bands(desk: Desk, draft: Draft, born: date | None) -> None:
    """Her age band on the day of each pregnancy that this agency opened, where the birth date now says another (R7)."""
    acting = draft.acting
    for told in await pregnancies(desk, draft.client):
        state = fold(told)
        own = state.own.get(acting.agency)
        band = band_in_pregnancy(born, own.since) if own and own.since else None
        if band is not None and not state.closed:
            command = StateAgeBand(agency=acting.agency, at=acting.at, age_band=band)
            draft.add(told, episode.decide(command, state))


def _stated(desk: Desk, acting: Acting, said: Stating, zip_code: str | None) -> DemographicsStated:
    language = said.language.partition("-")[0] if said.language else None
    return DemographicsStated(
        race_ethnicity=tuple(race for race in RaceEthnicity if race in said.race_ethnicity),
        detailed=tuple(group for group in DetailedGroup if group in said.detailed),
        declined=said.declined,
        source=said.source,
        language=language,
        interpreter=said.interpreter,
        payer=said.payer,
        **_place(desk, acting, zip_code),
    )


def _place(desk: Desk, acting: Acting, zip_code: str | None) -> dict[str, str | None]:
    """Of a ZIP code no more than its group, of 20,000 residents or more, and its county."""
    group = desk.directory.initiative(acting.initiative).zip_group(zip_code)
    return {"zip_group": group.slug if group else None, "county": group.county if group else None}


async def _zip_code(desk: Desk, acting: Acting, client: UUID) -> str | None:
    holder = Holder(acting.initiative, acting.agency, client)
    held = (await desk.vault.held.of([holder], accepted=True)).get(holder)
    address = held.fields.get("address") if held else None
    return address.get("zip") if isinstance(address, dict) else None


def told(history: History) -> domain.Client:
    """The client that a stream tells of. Raises NotASide for an empty one."""
    state = domain.fold(history.happened())
    if state is None:
        raise NotASide
    return state
