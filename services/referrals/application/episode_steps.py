"""Steps of a pregnancy: dating it, losing and finding her, and its end, which lies in the vault (F5, R5)."""

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft
from services.referrals.application.episode import read
from services.referrals.application.episode_seen import EpisodeSeen, fold, seen, until
from services.referrals.application.handing_back import pregnancy_over
from services.referrals.application.identifiers import new_id
from services.referrals.application.pregnancy_end import KIND, End
from services.referrals.application.saving import Decided, before_writing, carry_out
from services.referrals.application.typed import write_note
from services.referrals.domain import episode
from services.referrals.domain.episode import (
    CloseEpisode,
    DateEpisode,
    EndEpisode,
    EpisodeClosed,
    EpisodeEnteredInError,
    EpisodeFact,
    EpisodeParted,
    LoseEpisode,
    OfOpener,
    RecordPostpartumVisit,
    ResumeEpisode,
    StartPrenatalCare,
    VoidEpisode,
)
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import Unfit
from services.referrals.domain.vocabulary import DatingBasis
from services.referrals.store.commit import Answer


@frozen
class EpisodeStepped:
    """An episode after a step, or after the first one once more."""

    seen: EpisodeSeen
    replayed: bool


@frozen(kw_only=True)
class Dating:
    """The due date, how it is known, and the dating of the agency's own that it is meant to replace, if it says."""

    edd: date
    basis: DatingBasis
    supersedes: UUID | None = None


async def date_it(desk: Desk, acting: Acting, id: UUID, said: Dating) -> EpisodeStepped:
    """State the due date, or another one."""

    def command(before: EpisodeSeen) -> DateEpisode:
        return DateEpisode(
            agency=acting.agency,
            at=acting.at,
            today=acting.today,
            edd=said.edd,
            basis=said.basis,
            earlier=before.dating,
            supersedes=said.supersedes,
        )

    return await step(desk, acting, id, command)


async def start_prenatal_care(desk: Desk, acting: Acting, id: UUID, on: date | None) -> EpisodeStepped:
    """Her first prenatal visit; today where no day is said."""
    command = StartPrenatalCare(agency=acting.agency, at=acting.at, today=acting.today, on=on or acting.today)
    return await step(desk, acting, id, lambda _: command)


async def lose(desk: Desk, acting: Acting, id: UUID) -> EpisodeStepped:
    """Nobody of the agency can find her."""
    return await step(desk, acting, id, lambda _: LoseEpisode(agency=acting.agency, at=acting.at))


async def resume(desk: Desk, acting: Acting, id: UUID) -> EpisodeStepped:
    """She is found again."""
    return await step(desk, acting, id, lambda _: ResumeEpisode(agency=acting.agency, at=acting.at))


async def close(desk: Desk, acting: Acting, id: UUID) -> EpisodeStepped:
    """The agency is through with it."""
    return await step(desk, acting, id, lambda _: CloseEpisode(agency=acting.agency, at=acting.at))


async def enter_in_error(desk: Desk, acting: Acting, id: UUID, why: str) -> EpisodeStepped:
    """She was not pregnant, or somebody else was meant: `why` goes to the vault (R14). Raises NotASide."""
    if (kept := await before_writing(desk, acting)) is not None:
        return await again(desk, acting, kept)
    note = await write_note(desk, acting, (await read(desk, acting, id)).client, why, "reason")

    def command(before: EpisodeSeen) -> VoidEpisode:
        first = before.history.events[0].envelope.event_id
        return VoidEpisode(agency=acting.agency, at=acting.at, event=before.opening, first=first, note=note)

    return await step(desk, acting, id, command)


async def visit_after(desk: Desk, acting: Acting, id: UUID, on: date | None) -> EpisodeStepped:
    """She was seen after the birth; today where no day is said."""
    command = RecordPostpartumVisit(agency=acting.agency, at=acting.at, today=acting.today, on=on or acting.today)
    return await step(desk, acting, id, lambda _: command)


async def end(desk: Desk, acting: Acting, id: UUID, said: End) -> EpisodeStepped:
    """Write down how it ended: into the vault, and an event that names where, alike for birth and loss (R5)."""
    if not said.fits():
        raise Unfit("children-do-not-fit")
    if said.on > acting.today:
        raise Unfit("date-in-future")
    if (kept := await before_writing(desk, acting)) is not None:
        return await again(desk, acting, kept)
    before = await read(desk, acting, id)
    text = said.model_dump_json()
    stands = before.own.ended
    if stands is None:
        note, same = await write_note(desk, acting, before.client, text, KIND), False
    else:
        same = await ended(desk, acting, before) == said
        note = stands.end if same else new_id()  # of an end that is refused

    def command(now: EpisodeSeen) -> EndEpisode:
        said.agrees_with(now.own.dated.edd if now.own.dated else None)
        birth = said.birth(now.own.dated.edd if now.own.dated else None)
        return EndEpisode(agency=acting.agency, at=acting.at, end=note, on=said.on, birth=birth, same=same)

    return await step(desk, acting, id, command)


async def ended(desk: Desk, acting: Acting, seen: EpisodeSeen) -> End | None:
    """How it ended, in the agency's own words; None where it did not write that down."""
    if seen.own.ended is None:
        return None
    typed = await desk.vault.notes.kept(acting.initiative, acting.agency, seen.own.ended.end)
    return None if typed is None else End.model_validate_json(typed.text.open())


async def step(desk: Desk, acting: Acting, id: UUID, command: Callable[[EpisodeSeen], OfOpener]) -> EpisodeStepped:
    async def attempt(desk: Desk) -> Decided[EpisodeSeen]:
        before = await read(desk, acting, id)
        with acting.call.meant_for(before.version):
            facts = episode.decide(command(before), fold(before.history))
        if facts:
            acting.call.require(before.version)
        draft = Draft(acting, before.client)
        after = seen(acting, draft.add(before.history, facts))
        if (for_all := _over(facts)) is not None:
            await pregnancy_over(desk, draft, id, for_all=for_all)
        answer = Answer(200, {"episode": id, "client": before.client}, after.version)
        return Decided(draft, answer, after)

    done = await carry_out(desk, acting, attempt)
    if done.view is not None:
        return EpisodeStepped(done.view, replayed=False)
    return await again(desk, acting, done.answer)


def _over(facts: Sequence[EpisodeFact]) -> bool | None:
    """Whether these close it for every agency, or for the one that acts alone; None where it goes on."""
    for fact in facts:
        match fact:
            case EpisodeClosed() | EpisodeEnteredInError(whole=True):
                return True
            case EpisodeParted() | EpisodeEnteredInError(dating=False):
                return EpisodeClosed in map(type, facts)
    return None


async def again(desk: Desk, acting: Acting, kept: Answer) -> EpisodeStepped:
    history = await desk.history(kept.ids["episode"])
    return EpisodeStepped(seen(acting, until(acting, history, kept.version)), replayed=True)
