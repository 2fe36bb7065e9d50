"""Steps of a pregnancy: dating it, losing and finding her, and its end, which lies in the vault (F5, R5)."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft
from services.referrals.application.episode import read
from services.referrals.application.episode_seen import EpisodeSeen, datings_of, fold, seen, until
from services.referrals.application.identifiers import new_id
from services.referrals.application.note import write_note
from services.referrals.application.saving import Decided, before_writing, carry_out
from services.referrals.domain import episode
from services.referrals.domain.episode import (
    BirthRecorded,
    CloseEpisode,
    DateEpisode,
    EndEpisode,
    LoseEpisode,
    OfOpener,
    RecordPostpartumVisit,
    ResumeEpisode,
    StartPrenatalCare,
    VoidDating,
    VoidEpisode,
    gestational_days,
)
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import NotASide, Unfit
from services.referrals.domain.vocabulary import BirthWeightBand, DatingBasis
from services.referrals.store.commit import Answer

KIND = "end"
_BANDS = ((1500, BirthWeightBand.UNDER_1500), (2500, BirthWeightBand.FROM_1500), (4000, BirthWeightBand.FROM_2500))
_BORN_ALIVE = range(140, 331)
"""Days of gestation; what lies outside is a due date that was mistyped."""


class EndedHow(StrEnum):
    """How a pregnancy ended: a word of the vault, that no event holds."""

    LIVE_BIRTH = "live_birth"
    STILLBIRTH = "stillbirth"
    MISCARRIAGE = "miscarriage"
    TERMINATION = "termination"
    OTHER = "other"


class _Sealed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Child(_Sealed):
    """One child of a delivery; `weight_g` is grams."""

    live: bool = True
    weight_g: Annotated[int, Field(ge=200, le=8000)] | None = None


_FAR = 42
"""Days, 6 weeks: by so much no dating is corrected at a birth."""


class End(_Sealed):
    """How and when it ended, as it lies in the vault of the agency that recorded it (R5)."""

    how: EndedHow
    on: date
    gestational_days: Annotated[int, Field(ge=20, le=330)] | None = None
    children: tuple[Child, ...] = ()

    def fits(self) -> bool:
        """A live birth has a living child, and nothing else has one."""
        alive = any(child.live for child in self.children)
        return alive == (self.how is EndedHow.LIVE_BIRTH)

    def agrees_with(self, due: date | None) -> None:
        """Raises Unfit where the weeks are far from those of the due date in force: one of the two is mistyped."""
        if due and self.gestational_days and abs(self.gestational_days - gestational_days(due, self.on)) > _FAR:
            raise Unfit("gestation-not-of-dating")

    def birth(self, due: date | None) -> BirthRecorded | None:
        """What of a live birth leaves the vault (R6): twins are one delivery. None for anything else."""
        living = [child for child in self.children if child.live]
        if not living:
            return None
        days = self.gestational_days or (gestational_days(due, self.on) if due else None)
        lightest = min((child.weight_g for child in living if child.weight_g), default=None)
        return BirthRecorded(
            delivered_on=self.on,
            gestational_days=days if days in _BORN_ALIVE else None,
            live_children=len(living),
            weight_band=None if lightest is None else _band(lightest),
        )


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

    return await _step(desk, acting, id, command)


async def start_prenatal_care(desk: Desk, acting: Acting, id: UUID, on: date | None) -> EpisodeStepped:
    """Her first prenatal visit; today where no day is said."""
    command = StartPrenatalCare(agency=acting.agency, at=acting.at, today=acting.today, on=on or acting.today)
    return await _step(desk, acting, id, lambda _: command)


async def lose(desk: Desk, acting: Acting, id: UUID) -> EpisodeStepped:
    """Nobody of the agency can find her."""
    return await _step(desk, acting, id, lambda _: LoseEpisode(agency=acting.agency, at=acting.at))


async def resume(desk: Desk, acting: Acting, id: UUID) -> EpisodeStepped:
    """She is found again."""
    return await _step(desk, acting, id, lambda _: ResumeEpisode(agency=acting.agency, at=acting.at))


async def close(desk: Desk, acting: Acting, id: UUID) -> EpisodeStepped:
    """The agency is through with it."""
    return await _step(desk, acting, id, lambda _: CloseEpisode(agency=acting.agency, at=acting.at))


async def enter_in_error(desk: Desk, acting: Acting, id: UUID, why: str) -> EpisodeStepped:
    """She was not pregnant, or somebody else was meant: `why` goes to the vault (R14). Raises NotASide."""
    if (kept := await before_writing(desk, acting)) is not None:
        return await _again(desk, acting, kept)
    note = await write_note(desk, acting, (await read(desk, acting, id)).client, why, "reason")

    def command(before: EpisodeSeen) -> VoidEpisode:
        first = before.history.events[0].envelope.event_id
        return VoidEpisode(agency=acting.agency, at=acting.at, event=before.opening, first=first, note=note)

    return await _step(desk, acting, id, command)


async def enter_dating_in_error(desk: Desk, acting: Acting, id: UUID, dating: UUID, why: str) -> EpisodeStepped:
    """That due date should never have been stated: the one before is in force again; `why` goes to the vault (R14).

    Raises NotASide for a dating that is none of this agency's in this pregnancy.
    """
    if (kept := await before_writing(desk, acting)) is not None:
        return await _again(desk, acting, kept)
    seen = await read(desk, acting, id)
    if dating not in datings_of(acting.agency, seen.history):
        raise NotASide
    note = await write_note(desk, acting, seen.client, why, "reason")
    command = VoidDating(agency=acting.agency, at=acting.at, event=dating, note=note)
    return await _step(desk, acting, id, lambda _: command)


async def visit_after(desk: Desk, acting: Acting, id: UUID, on: date | None) -> EpisodeStepped:
    """She was seen after the birth; today where no day is said."""
    command = RecordPostpartumVisit(agency=acting.agency, at=acting.at, today=acting.today, on=on or acting.today)
    return await _step(desk, acting, id, lambda _: command)


async def end(desk: Desk, acting: Acting, id: UUID, said: End) -> EpisodeStepped:
    """Write down how it ended: into the vault, and an event that names where, alike for birth and loss (R5)."""
    if not said.fits():
        raise Unfit("children-do-not-fit")
    if said.on > acting.today:
        raise Unfit("date-in-future")
    if (kept := await before_writing(desk, acting)) is not None:
        return await _again(desk, acting, kept)
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

    return await _step(desk, acting, id, command)


async def ended(desk: Desk, acting: Acting, seen: EpisodeSeen) -> End | None:
    """How it ended, in the agency's own words; None where it did not write that down."""
    if seen.own.ended is None:
        return None
    typed = await desk.vault.notes.read(acting.initiative, acting.agency, seen.own.ended.end)
    return None if typed is None else End.model_validate_json(typed.text.open())


async def _step(desk: Desk, acting: Acting, id: UUID, command: Callable[[EpisodeSeen], OfOpener]) -> EpisodeStepped:
    async def attempt(desk: Desk) -> Decided[EpisodeSeen]:
        before = await read(desk, acting, id)
        with acting.call.meant_for(before.version):
            facts = episode.decide(command(before), fold(before.history))
        if facts:
            acting.call.require(before.version)
        draft = Draft(acting, before.client)
        after = seen(acting, draft.add(before.history, facts))
        answer = Answer(200, {"episode": id, "client": before.client}, after.version)
        return Decided(draft, answer, after)

    done = await carry_out(desk, acting, attempt)
    if done.view is not None:
        return EpisodeStepped(done.view, replayed=False)
    return await _again(desk, acting, done.answer)


async def _again(desk: Desk, acting: Acting, kept: Answer) -> EpisodeStepped:
    history = await desk.history(kept.ids["episode"])
    return EpisodeStepped(seen(acting, until(acting, history, kept.version)), replayed=True)


def _band(grams: int) -> BirthWeightBand:
    return next((band for below, band in _BANDS if grams < below), BirthWeightBand.FROM_4000)
