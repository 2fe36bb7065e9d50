"""The steps of a pregnancy in each agency's own words (F5, R5, R6, R18): every state, every step, and the calendar."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from uuid import UUID

import pytest

from services.referrals.domain import episode
from services.referrals.domain.episode import (
    EDGES,
    PREGNANCY,
    AgeBandStated,
    BirthRecorded,
    Choice,
    CloseEpisode,
    CloseForAll,
    DateEpisode,
    EndEpisode,
    EndPostpartum,
    Episode,
    EpisodeClosed,
    EpisodeCommand,
    EpisodeDated,
    EpisodeEndRecorded,
    EpisodeEnteredInError,
    EpisodeJoined,
    EpisodeOpened,
    EpisodeParted,
    EpisodeStatus,
    EpisodeSuperseded,
    EpisodeTakenBack,
    EpisodeVerb,
    LoseEpisode,
    OpenEpisode,
    Phase,
    PostpartumVisitRecorded,
    PrenatalCareStarted,
    RecordPostpartumVisit,
    Reopen,
    ResumeEpisode,
    StartPrenatalCare,
    StateAgeBand,
    Supersede,
    VoidDating,
    VoidEpisode,
    gestational_days,
    to_open,
)
from services.referrals.domain.fact import Happened
from services.referrals.domain.refusal import Conflict, NotASide, Unfit, WrongState
from services.referrals.domain.vocabulary import AgeBand, BirthWeightBand, DatingBasis, EpisodeEnd, ResponsibilityDomain
from tests.invented import CLINIC, EPISODE, HUB, NOON, NOTE, PANTRY, REFERRAL, TODAY, later
from tests.scenario import Rules

rules = Rules(episode.decide, episode.fold)

DUE = TODAY + timedelta(days=100)
OPEN = OpenEpisode(agency=CLINIC, at=NOON, today=TODAY)
DATE = DateEpisode(agency=CLINIC, at=later(1), today=TODAY, edd=DUE, basis=DatingBasis.LMP)
CARE = StartPrenatalCare(agency=CLINIC, at=later(2), today=TODAY, on=TODAY)
LOSE = LoseEpisode(agency=CLINIC, at=later(3))
RESUME = ResumeEpisode(agency=CLINIC, at=later(4))
BIRTH = BirthRecorded(delivered_on=DUE, gestational_days=280, live_children=1, weight_band=BirthWeightBand.FROM_2500)
END = EndEpisode(agency=CLINIC, at=later(5), end=NOTE, on=DUE, birth=BIRTH)
LOSS = replace(END, birth=None)
VISIT = RecordPostpartumVisit(agency=CLINIC, at=later(6), today=DUE + timedelta(days=50), on=DUE + timedelta(days=40))
CLOSE = CloseEpisode(agency=CLINIC, at=later(7))
VOID = VoidEpisode(agency=CLINIC, at=later(8), event=EPISODE, first=EPISODE, note=NOTE)

COMMANDS: dict[EpisodeVerb, EpisodeCommand] = {
    EpisodeVerb.DATE: replace(DATE, basis=DatingBasis.ULTRASOUND),
    EpisodeVerb.PRENATAL_CARE: CARE,
    EpisodeVerb.LOST: LOSE,
    EpisodeVerb.RESUME: RESUME,
    EpisodeVerb.END: END,
    EpisodeVerb.POSTPARTUM_VISIT: replace(VISIT, today=TODAY + timedelta(days=300), on=TODAY + timedelta(days=290)),
    EpisodeVerb.CLOSE: CLOSE,
    EpisodeVerb.ENTERED_IN_ERROR: VOID,
    EpisodeVerb.DATING_IN_ERROR: VoidDating(agency=CLINIC, at=later(9), event=NOTE, note=NOTE),
}
WAY_TO: dict[EpisodeStatus, tuple[EpisodeCommand, ...]] = {
    EpisodeStatus.OPEN_UNDATED: (OPEN,),
    EpisodeStatus.OPEN_DATED: (OPEN, DATE),
    EpisodeStatus.LOST: (OPEN, DATE, LOSE),
    EpisodeStatus.POSTPARTUM: (OPEN, DATE, END),
    EpisodeStatus.CLOSED: (OPEN, DATE, CLOSE),
    EpisodeStatus.ENTERED_IN_ERROR: (OPEN, DATE, VOID),
}
SAME_AGAIN = {
    (EpisodeStatus.LOST, EpisodeVerb.LOST),
    (EpisodeStatus.POSTPARTUM, EpisodeVerb.END),
    (EpisodeStatus.CLOSED, EpisodeVerb.CLOSE),
    (EpisodeStatus.ENTERED_IN_ERROR, EpisodeVerb.ENTERED_IN_ERROR),
}


def history(*commands: EpisodeCommand) -> tuple[Happened, ...]:
    told: tuple[Happened, ...] = ()
    for command in commands:
        facts = episode.decide(command, episode.fold(told))
        told += tuple(Happened(fact, command.at, command.agency) for fact in facts)
    return told


def standing(*commands: EpisodeCommand) -> Episode:
    state = episode.fold(history(*commands))
    assert state is not None
    return state


@pytest.mark.parametrize(("status", "verb"), list(product(EpisodeStatus, EpisodeVerb)))
def test_f5_every_step_from_every_state_is_allowed_the_same_again_or_refused(
    status: EpisodeStatus, verb: EpisodeVerb
) -> None:
    before = standing(*WAY_TO[status])
    assert before.own[CLINIC].status is status
    given = rules.given(*history(*WAY_TO[status])).when(COMMANDS[verb])
    if (status, verb) in SAME_AGAIN:
        given.then_nothing()
    elif status in EDGES[verb].sources:
        facts = tuple(episode.decide(COMMANDS[verb], before))
        after = given.then(*facts).own[CLINIC].status
        assert facts
        undone = EpisodeStatus.OPEN_DATED if verb is EpisodeVerb.RESUME else status
        assert after is (EDGES[verb].target or undone)
    else:
        given.then_refused(WrongState, "episode-closed" if before.own[CLINIC].closed else None)


@pytest.mark.parametrize("verb", EpisodeVerb)
def test_r4_who_did_not_open_it_is_no_side_of_it(verb: EpisodeVerb) -> None:
    told = history(OPEN, DATE)
    rules.given(*told).when(replace(COMMANDS[verb], agency=HUB)).then_refused(NotASide)
    rules.given().when(COMMANDS[verb]).then_refused(WrongState, "episode-not-open")


class TestEnteredInError:
    def test_r14_nobody_leads_in_it_and_a_new_pregnancy_is_another(self) -> None:
        before = standing(OPEN, DATE)
        assert before.lead(ResponsibilityDomain.PRIMARY_CARE_COORDINATION) == CLINIC
        fact = EpisodeEnteredInError(event=EPISODE, note=NOTE, whole=True)
        state = rules.given(*history(OPEN, DATE)).when(VOID).then(fact)
        assert (dict(state.leads), state.dated, state.phase(TODAY)) == ({}, None, Phase.CLOSED)
        assert to_open([state], CLINIC, TODAY) == Choice(1)
        assert episode.decide(CloseForAll(agency=CLINIC, at=later(9), reason=EpisodeEnd.OTHER), state) == ()

    def test_r4_what_another_agency_says_of_it_stands(self) -> None:
        two = history(OPEN, DATE, replace(OPEN, agency=HUB), replace(DATE, agency=HUB, edd=DUE + timedelta(days=5)))
        of_hub = replace(VOID, agency=HUB, event=NOTE)
        fact = EpisodeEnteredInError(event=NOTE, note=NOTE, whole=False)
        state = rules.given(*two).when(of_hub).then(fact)
        assert (state.due, state.phase(TODAY)) == (DUE, Phase.PRENATAL)
        assert state.lead(ResponsibilityDomain.PRIMARY_CARE_COORDINATION) == CLINIC
        assert state.own[CLINIC].status is EpisodeStatus.OPEN_DATED
        again = EpisodeEnteredInError(event=EPISODE, note=NOTE, whole=True)
        told = (*two, Happened(fact, of_hub.at, HUB))
        assert rules.given(*told).when(VOID).then(again).in_error

    def test_r14_where_the_other_is_through_with_it_it_is_closed_and_no_error(self) -> None:
        two = history(OPEN, replace(OPEN, agency=HUB), replace(CLOSE, agency=HUB))
        fact = EpisodeEnteredInError(event=EPISODE, note=NOTE, whole=False)
        state = rules.given(*two).when(VOID).then(fact, EpisodeClosed(reason=EpisodeEnd.OTHER))
        assert (state.in_error, state.own[HUB].status) == (False, EpisodeStatus.CLOSED)


FIRST, SECOND, OF_HUB = (UUID(int=number) for number in (1, 2, 3))


def dated(event: UUID, edd: date, agency: str = CLINIC) -> Happened:
    return Happened(EpisodeDated(edd=edd, basis=DatingBasis.LMP), later(1), agency, event)


def in_error(event: UUID, agency: str = CLINIC) -> Happened:
    return Happened(EpisodeEnteredInError(event=event, note=NOTE, whole=False, dating=True), later(2), agency)


class TestDatingInError:
    TOLD = (*history(OPEN), dated(FIRST, DUE), dated(SECOND, DUE + timedelta(days=9)))
    WRONG = VoidDating(agency=CLINIC, at=later(3), event=SECOND, note=NOTE)

    def test_r14_the_one_before_is_in_force_again(self) -> None:
        fact = EpisodeEnteredInError(event=SECOND, note=NOTE, whole=False, dating=True)
        rules.given(*self.TOLD).when(self.WRONG).then(fact)
        state = episode.fold((*self.TOLD, in_error(SECOND)))
        assert state is not None
        assert (state.due, state.own[CLINIC].due, state.own[CLINIC].status) == (DUE, DUE, EpisodeStatus.OPEN_DATED)

    @pytest.mark.parametrize(
        ("steps", "back", "ended_on", "refusal"),
        [
            ((CARE,), DUE, None, None),
            ((CARE,), DUE + timedelta(days=281), None, "earlier-dating-not-of-care"),
            ((CARE,), DUE - timedelta(days=301), None, "earlier-dating-not-of-care"),
            ((), DUE, DUE, None),
            ((), DUE, DUE - timedelta(days=281), "earlier-dating-not-of-end"),
            ((), DUE, DUE + timedelta(days=22), "earlier-dating-not-of-end"),
            ((END,), DUE + timedelta(days=140), DUE, None),
            ((END,), DUE + timedelta(days=141), DUE, "earlier-dating-not-of-birth"),
            ((END,), DUE - timedelta(days=22), DUE, "earlier-dating-not-of-birth"),
            ((END,), None, DUE, None),
        ],
    )
    def test_r14_what_is_in_force_again_fits_what_is_written_down_since(
        self, steps: tuple[EpisodeCommand, ...], back: date | None, ended_on: date | None, refusal: str | None
    ) -> None:
        told = (*history(OPEN, DATE, *steps), dated(SECOND, DUE + timedelta(days=1)))
        asked = rules.given(*told).when(replace(self.WRONG, back=back, ended_on=ended_on))
        if refusal is None:
            asked.then(EpisodeEnteredInError(event=SECOND, note=NOTE, whole=False, dating=True))
        else:
            asked.then_refused(Unfit, refusal)

    def test_r14_a_visit_after_the_birth_is_none_by_the_one_before(self) -> None:
        told = (*history(OPEN, DATE, VISIT), dated(SECOND, DUE + timedelta(days=1)))
        late = replace(self.WRONG, back=VISIT.on + timedelta(days=141))
        rules.given(*told).when(late).then_refused(Unfit, "earlier-dating-not-of-visit")
        fact = EpisodeEnteredInError(event=SECOND, note=NOTE, whole=False, dating=True)
        rules.given(*told).when(replace(late, back=VISIT.on + timedelta(days=140))).then(fact)

    def test_r14_those_before_it_go_with_it_each_once(self) -> None:
        both = replace(self.WRONG, before=(FIRST,))
        facts = [EpisodeEnteredInError(event=each, note=NOTE, whole=False, dating=True) for each in (SECOND, FIRST)]
        rules.given(*self.TOLD).when(both).then(*facts)
        rules.given(*self.TOLD, in_error(FIRST)).when(both).then(facts[0])

    @pytest.mark.parametrize("order", [(FIRST, SECOND), (SECOND, FIRST)])
    def test_r14_in_whatever_order_without_any_it_is_undated(self, order: tuple[UUID, UUID]) -> None:
        told = (*self.TOLD, *(in_error(each) for each in order))
        state = episode.fold(told)
        assert state is not None
        assert (state.due, state.own[CLINIC].status) == (TODAY + PREGNANCY, EpisodeStatus.OPEN_UNDATED)
        rules.given(*told).when(self.WRONG).then_nothing()
        rules.given(*told).when(replace(self.WRONG, event=NOTE)).then_refused(WrongState)

    def test_r14_an_earlier_one_in_error_leaves_the_last_in_force(self) -> None:
        state = episode.fold((*self.TOLD, in_error(FIRST)))
        assert state is not None
        assert state.due == DUE + timedelta(days=9)

    def test_r4_what_another_agency_said_of_it_stands(self) -> None:
        other = DUE + timedelta(days=20)
        joined = history(OPEN, replace(OPEN, agency=HUB))
        told = (*joined, dated(OF_HUB, other, HUB), dated(SECOND, DUE), in_error(SECOND))
        state = episode.fold(told)
        assert state is not None
        assert (state.due, state.own[HUB].due, state.own[CLINIC].dated) == (other, other, None)


class TestDating:
    def test_f5_a_new_dating_supersedes_the_one_before(self) -> None:
        again = replace(DATE, edd=DUE + timedelta(days=9), basis=DatingBasis.ULTRASOUND, earlier=NOTE, supersedes=NOTE)
        fact = EpisodeDated(edd=again.edd, basis=again.basis, earlier=NOTE)
        assert rules.given(*history(OPEN, DATE)).when(again).then(fact).due == again.edd

    def test_f5_a_dating_that_stands_no_more_is_not_superseded(self) -> None:
        late = replace(DATE, edd=DUE + timedelta(days=9), earlier=NOTE, supersedes=EPISODE)
        rules.given(*history(OPEN, DATE)).when(late).then_refused(Conflict, "dating-moved")

    def test_r12_the_same_dating_is_nothing_new(self) -> None:
        rules.given(*history(OPEN, DATE)).when(DATE).then_nothing()

    @pytest.mark.parametrize("edd", [TODAY - timedelta(days=366), TODAY + timedelta(days=281), date(1999, 1, 1)])
    def test_no_pregnancy_has_such_a_due_date(self, edd: date) -> None:
        rules.given(*history(OPEN)).when(replace(DATE, edd=edd)).then_refused(Unfit, "due-date-not-possible")

    def test_r4_each_opener_has_a_due_date_of_its_own_and_the_last_is_in_force(self) -> None:
        hers = replace(DATE, agency=HUB, edd=DUE + timedelta(days=5))
        state = standing(OPEN, replace(OPEN, agency=HUB), DATE, hers)
        assert (state.own[CLINIC].due, state.own[HUB].due, state.due) == (DUE, hers.edd, hers.edd)

    def test_she_conceived_today_at_the_latest(self) -> None:
        latest = replace(DATE, edd=TODAY + PREGNANCY)
        state = rules.given(*history(OPEN)).when(latest).then(EpisodeDated(edd=latest.edd, basis=latest.basis))
        assert gestational_days(state.due, TODAY) == 0

    @pytest.mark.parametrize(("on", "days"), [(DUE, 280), (DUE - timedelta(days=109), 171), (DUE - PREGNANCY, 0)])
    def test_gestational_age_is_whole_days(self, on: date, days: int) -> None:
        assert gestational_days(DUE, on) == days


class TestLostAndResumed:
    def test_f5_resumed_returns_to_where_it_was(self) -> None:
        assert standing(OPEN, LOSE, RESUME).own[CLINIC].status is EpisodeStatus.OPEN_UNDATED
        assert standing(OPEN, END, LOSE, RESUME).own[CLINIC].status is EpisodeStatus.POSTPARTUM

    def test_f5_a_late_end_is_accepted_from_lost(self) -> None:
        assert standing(OPEN, LOSE, END).own[CLINIC].status is EpisodeStatus.POSTPARTUM

    def test_r12_resumed_twice_is_nothing_new(self) -> None:
        rules.given(*history(OPEN, LOSE, RESUME)).when(RESUME).then_nothing()


class TestTheEnd:
    """R5: birth and loss are written down alike."""

    def test_r5_birth_and_loss_leave_the_same_fact_and_a_birth_one_more_that_is_restricted(self) -> None:
        rules.given(*history(OPEN)).when(LOSS).then(EpisodeEndRecorded(end=NOTE))
        rules.given(*history(OPEN)).when(END).then(EpisodeEndRecorded(end=NOTE), BIRTH)

    def test_r12_another_end_is_refused_the_same_is_nothing_new(self) -> None:
        told = history(OPEN, LOSS)
        rules.given(*told).when(replace(END, end=EPISODE)).then_refused(Conflict, "end-already-recorded")
        rules.given(*told).when(replace(END, end=EPISODE, same=True)).then_nothing()

    @pytest.mark.parametrize("end", [None, LOSS, END])
    @pytest.mark.parametrize("joined", [False, True])
    def test_r5_the_calendar_is_the_same_after_loss_silence_and_birth(
        self, end: EndEpisode | None, joined: bool
    ) -> None:
        begun = (OPEN, DATE, *((replace(OPEN, agency=HUB),) if joined else ()))
        state = standing(*begun, *((end,) if end else ()))
        days = {0: Phase.PRENATAL, 1: Phase.POSTPARTUM, 365: Phase.POSTPARTUM, 366: Phase.CLOSED}
        assert {after: state.phase(DUE + timedelta(days=after)) for after in days} == days
        assert to_open([state], PANTRY, TODAY) == Choice(0)
        assert to_open([state], HUB, TODAY) == Choice(0)

    def test_r5_undated_it_is_280_days_from_opening(self) -> None:
        state = standing(OPEN)
        assert (state.phase(TODAY + PREGNANCY), state.phase(TODAY + timedelta(days=281))) == (
            Phase.PRENATAL,
            Phase.POSTPARTUM,
        )


DATED, UNDATED = (OPEN, DATE), (OPEN,)
WEEK_20, WEEK_43 = DUE - timedelta(days=140), DUE + timedelta(days=21)


class TestTheDaysOfAPregnancy:
    """What nobody can have meant is refused at its day, by the agency's own due date."""

    @pytest.mark.parametrize(
        ("told", "first", "last"),
        [
            (DATED, DUE - PREGNANCY, WEEK_43),
            (UNDATED, TODAY - timedelta(days=301), TODAY + timedelta(days=301)),
        ],
    )
    def test_care_and_an_end_lie_within_it(self, told: tuple[EpisodeCommand, ...], first: date, last: date) -> None:
        for on in (first, last):
            rules.given(*history(*told)).when(replace(CARE, on=on, today=last)).then(PrenatalCareStarted(on=on))
            rules.given(*history(*told)).when(replace(LOSS, on=on)).then(EpisodeEndRecorded(end=NOTE))
        for on in (first - timedelta(days=1), last + timedelta(days=1), date(1901, 1, 1)):
            care = replace(CARE, on=on, today=last + timedelta(days=1))
            rules.given(*history(*told)).when(care).then_refused(Unfit, "care-outside-pregnancy")
            rules.given(*history(*told)).when(replace(LOSS, on=on)).then_refused(Unfit, "end-outside-pregnancy")

    @pytest.mark.parametrize(
        ("told", "first", "last"),
        [
            (DATED, WEEK_20, WEEK_43),
            (UNDATED, TODAY - timedelta(days=301), TODAY + timedelta(days=301)),
        ],
    )
    def test_nobody_is_born_before_20_weeks_or_after_43(
        self, told: tuple[EpisodeCommand, ...], first: date, last: date
    ) -> None:
        for on in (first, last):
            rules.given(*history(*told)).when(replace(END, on=on)).then(EpisodeEndRecorded(end=NOTE), BIRTH)
        for on in (first - timedelta(days=1), last + timedelta(days=1), date(1901, 1, 1)):
            rules.given(*history(*told)).when(replace(END, on=on)).then_refused(Unfit, "birth-outside-pregnancy")

    @pytest.mark.parametrize("told", [DATED, UNDATED])
    def test_no_due_date_puts_her_first_visit_outside_it(self, told: tuple[EpisodeCommand, ...]) -> None:
        """The day of the visit is what stands in its way; a due date by which it fits is taken."""
        begun = (*told, replace(CARE, on=TODAY, at=later(2)))
        anew = replace(DATE, earlier=NOTE, basis=DatingBasis.ULTRASOUND, at=later(3))
        for edd in (TODAY + PREGNANCY, TODAY - timedelta(days=21)):
            fits = replace(anew, edd=edd)
            rules.given(*history(*begun)).when(fits).then(
                EpisodeDated(edd=edd, basis=DatingBasis.ULTRASOUND, earlier=NOTE)
            )
        early = replace(anew, edd=TODAY - timedelta(days=22))
        rules.given(*history(*begun)).when(early).then_refused(Unfit, "care-outside-dating")
        late = replace(anew, today=TODAY + timedelta(days=1), edd=TODAY + timedelta(days=1) + PREGNANCY)
        rules.given(*history(*begun)).when(late).then_refused(Unfit, "care-outside-dating")
        rules.given(*history(*begun, replace(anew, edd=DUE + timedelta(days=1)))).when(CARE).then_nothing()

    def test_no_due_date_puts_a_visit_after_the_birth_before_it(self) -> None:
        seen = (OPEN, DATE, replace(VISIT, on=DUE))
        anew = replace(DATE, earlier=NOTE, today=VISIT.today, at=later(9))
        fits = DUE + timedelta(days=140)
        rules.given(*history(*seen)).when(replace(anew, edd=fits)).then(
            EpisodeDated(edd=fits, basis=DatingBasis.LMP, earlier=NOTE)
        )
        late = replace(anew, edd=fits + timedelta(days=1))
        rules.given(*history(*seen)).when(late).then_refused(Unfit, "visit-outside-dating")

    @pytest.mark.parametrize("end", [LOSS, END])
    def test_r5_what_has_ended_is_dated_no_more_birth_and_loss_alike(self, end: EndEpisode) -> None:
        anew = replace(DATE, edd=DUE + timedelta(days=60), earlier=NOTE)
        rules.given(*history(OPEN, DATE, end)).when(anew).then_refused(WrongState)

    def test_r5_a_visit_after_the_birth_is_within_a_year_of_it(self) -> None:
        year = DUE + timedelta(days=365)
        late = replace(VISIT, on=year, today=year + timedelta(days=9))
        rules.given(*history(OPEN, DATE, END)).when(late).then(PostpartumVisitRecorded(on=year))
        later_still = replace(late, on=year + timedelta(days=1))
        rules.given(*history(OPEN, DATE, END)).when(later_still).then_refused(Unfit, "long-after-the-birth")

    def test_without_a_recorded_birth_a_visit_is_not_before_20_weeks(self) -> None:
        rules.given(*history(OPEN, DATE)).when(replace(VISIT, on=WEEK_20)).then(PostpartumVisitRecorded(on=WEEK_20))
        early = replace(VISIT, on=WEEK_20 - timedelta(days=1))
        rules.given(*history(OPEN, DATE)).when(early).then_refused(Unfit, "before-the-birth")


class TestPostpartum:
    def test_r6_a_visit_after_a_birth_and_another(self) -> None:
        rules.given(*history(OPEN, END)).when(VISIT).then(PostpartumVisitRecorded(on=VISIT.on))
        again = replace(VISIT, on=VISIT.on + timedelta(days=7))
        assert len(rules.given(*history(OPEN, END, VISIT)).when(again).then(
            PostpartumVisitRecorded(on=again.on)).own[CLINIC].visits) == 2  # fmt: skip

    def test_r6_past_the_due_date_a_visit_needs_no_recorded_birth(self) -> None:
        rules.given(*history(OPEN, DATE)).when(VISIT).then(PostpartumVisitRecorded(on=VISIT.on))

    def test_r5_no_visit_tells_of_a_loss(self) -> None:
        rules.given(*history(OPEN, DATE, LOSS)).when(VISIT).then_refused(WrongState, "no-birth-recorded")

    def test_it_lies_between_the_birth_and_today(self) -> None:
        told = history(OPEN, END)
        early = replace(VISIT, on=DUE - timedelta(days=1))
        rules.given(*told).when(early).then_refused(Unfit, "before-the-birth")
        late = replace(VISIT, on=VISIT.today + timedelta(days=1))
        rules.given(*told).when(late).then_refused(Unfit, "date-in-future")

    def test_r5_the_calendar_closes_it_365_days_after_the_due_date_and_not_before(self) -> None:
        told = history(OPEN, DATE)
        over = EndPostpartum(agency=CLINIC, at=later(500), today=DUE + timedelta(days=366))
        rules.given(*told).when(over).then(EpisodeClosed(reason=EpisodeEnd.POSTPARTUM_OVER))
        rules.given(*told).when(replace(over, today=DUE + timedelta(days=365))).then_refused(WrongState)
        rules.given(*history(OPEN, CLOSE)).when(over).then_nothing()
        rules.given().when(over).then_nothing()


class TestClosing:
    def test_r5_the_last_one_closes_it_for_all_and_says_other(self) -> None:
        closed = EpisodeClosed(reason=EpisodeEnd.OTHER)
        assert rules.given(*history(OPEN)).when(CLOSE).then(closed).leads == {}

    def test_r4_one_of_two_closes_it_for_itself_and_the_other_reads_the_same(self) -> None:
        two = history(OPEN, replace(OPEN, agency=HUB))
        before = episode.fold(two)
        state = rules.given(*two).when(CLOSE).then(EpisodeParted())
        assert before is not None
        assert (state.closed, state.leads, state.own[HUB]) == (None, {}, before.own[HUB])
        last = replace(CLOSE, agency=HUB)
        rules.given(*history(OPEN, replace(OPEN, agency=HUB), CLOSE)).when(last).then(
            EpisodeClosed(reason=EpisodeEnd.OTHER)
        )

    def test_who_parted_may_join_again(self) -> None:
        told = history(OPEN, replace(OPEN, agency=HUB), CLOSE)
        assert to_open([standing(OPEN, replace(OPEN, agency=HUB), CLOSE)], CLINIC, TODAY) == Choice(0)
        rules.given(*told).when(OPEN).then(EpisodeJoined(identified_on=TODAY))

    def test_r20_something_else_closes_it_for_all_once(self) -> None:
        command = CloseForAll(agency=CLINIC, at=later(9), reason=EpisodeEnd.NO_FURTHER_CONTACT)
        rules.given(*history(OPEN)).when(command).then(EpisodeClosed(reason=EpisodeEnd.NO_FURTHER_CONTACT))

    def test_r20_what_ended_for_that_is_given_back_with_its_leads(self) -> None:
        before = history(OPEN)
        ended = Happened(EpisodeClosed(reason=EpisodeEnd.NO_FURTHER_CONTACT), later(3), CLINIC, REFERRAL)
        command = Reopen(agency=CLINIC, at=later(4), event=REFERRAL)
        state = rules.given(*before, ended).when(command).then(EpisodeTakenBack(event=REFERRAL))
        assert state == episode.fold(before)
        rules.given(*before).when(command).then_nothing()
        other = Happened(EpisodeClosed(reason=EpisodeEnd.OTHER), later(3), CLINIC, REFERRAL)
        rules.given(*before, other).when(command).then_nothing()
        replaced = Happened(EpisodeSuperseded(by=NOTE), later(3), CLINIC)
        rules.given(*before, ended, replaced).when(command).then_nothing()
        rules.given(*history(OPEN, CLOSE)).when(command).then_nothing()


class TestTheNext:
    """R18: at most one pregnancy that is not ended; a postpartum one may stand beside it."""

    def test_r18_the_first_and_the_same_again(self) -> None:
        assert to_open([], CLINIC, TODAY) == Choice(0)
        assert to_open([standing(OPEN)], CLINIC, TODAY) == Choice(0)
        assert to_open([standing(OPEN, LOSE)], CLINIC, TODAY) == Choice(0)

    def test_r5_who_recorded_the_end_opens_a_new_one_in_its_place(self) -> None:
        for ended in (END, LOSS):
            assert to_open([standing(OPEN, DATE, ended)], CLINIC, TODAY) == Choice(1, supersedes=0)

    def test_r18_a_postpartum_one_stands_beside(self) -> None:
        for told in ((OPEN, DATE), (OPEN, DATE, END)):
            assert to_open([standing(*told)], CLINIC, DUE + timedelta(days=1)) == Choice(1)
            assert to_open([standing(*told)], HUB, DUE + timedelta(days=1)) == Choice(1)

    def test_r5_who_knows_nothing_of_the_new_one_stays_in_the_old(self) -> None:
        by = Supersede(agency=CLINIC, at=later(9), by=EPISODE)
        told = history(OPEN, replace(OPEN, agency=HUB), END)
        old = rules.given(*told).when(by).then(EpisodeSuperseded(by=EPISODE))
        new = standing(OPEN)
        assert to_open([old, new], HUB, TODAY) == Choice(0)
        assert to_open([old, new], PANTRY, TODAY) == Choice(1)
        assert to_open([old, new], CLINIC, TODAY) == Choice(1)


def test_r7_an_age_band_may_come_later() -> None:
    band = StateAgeBand(agency=CLINIC, at=later(1), age_band=AgeBand.FROM_35_TO_39)
    rules.given(*history(OPEN)).when(band).then(AgeBandStated(age_band=AgeBand.FROM_35_TO_39))
    told = history(replace(OPEN, age_band=AgeBand.FROM_35_TO_39))
    assert isinstance(told[0].fact, EpisodeOpened)
    rules.given(*told).when(band).then_nothing()
