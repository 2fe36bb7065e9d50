"""Entries of the directory: agencies take part, pause and leave (R22), room is known for 30 days (R15)."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from contracts.schedule import Schedule
from services.referrals.domain.directory import (
    AgencyProfile,
    AgencyStated,
    AgencyVerb,
    CapacityStated,
    ChangeStanding,
    EditAgency,
    EditService,
    ListAgency,
    ListService,
    ServiceProfile,
    ServiceStated,
    StateCapacity,
    agency,
    agency_stream,
    capacity,
    capacity_stream,
    room_now,
    service,
    service_stream,
)
from services.referrals.domain.directory.agency import ListedAgency, verbs
from services.referrals.domain.directory.service import ListedService
from services.referrals.domain.fact import ForeignFact, Happened
from services.referrals.domain.refusal import Conflict, NotASide, Refusal, Unfit, WrongState
from services.referrals.domain.vocabulary import Category, Origin, Room, ServiceStatus, Standing

AT = datetime(2026, 11, 2, 20, tzinfo=UTC)
TODAY = date(2026, 11, 2)
DOULAS = AgencyProfile(name="Example Doula Network", type="doula_network", languages=("en",))
BIRTH = ServiceProfile(name="Birth support", category=Category.DOULA)


def an_agency(standing: Standing, origin: Origin = Origin.CONFIGURATION) -> ListedAgency:
    return ListedAgency(AgencyStated(agency="doulas", profile=DOULAS, standing=standing, origin=origin), AT)


def a_service(profile: ServiceProfile = BIRTH) -> ListedService:
    return ListedService(
        ServiceStated(agency="doulas", service="birth", profile=profile, origin=Origin.CONFIGURATION), AT
    )


# What each verb comes to from each standing: a standing, the same again, or None for refused.
R22: Mapping[AgencyVerb, Mapping[Standing, Standing | None]] = {
    AgencyVerb.ACTIVATE: {
        Standing.INVITED: Standing.ACTIVE,
        Standing.ACTIVE: Standing.ACTIVE,
        Standing.PAUSED: Standing.ACTIVE,
        Standing.LEFT: None,
    },
    AgencyVerb.PAUSE: {
        Standing.INVITED: None,
        Standing.ACTIVE: Standing.PAUSED,
        Standing.PAUSED: Standing.PAUSED,
        Standing.LEFT: None,
    },
    AgencyVerb.LEAVE: {
        Standing.INVITED: Standing.LEFT,
        Standing.ACTIVE: Standing.LEFT,
        Standing.PAUSED: Standing.LEFT,
        Standing.LEFT: Standing.LEFT,
    },
}


class TestAgency:
    def test_r22_the_table_is_whole(self) -> None:
        assert {(verb, standing) for verb, each in R22.items() for standing in each} == {
            (verb, standing) for verb in AgencyVerb for standing in Standing
        }

    @pytest.mark.parametrize(
        ("verb", "before", "after"), [(verb, *pair) for verb, each in R22.items() for pair in each.items()]
    )
    def test_r22_each_verb_from_each_standing(self, verb: AgencyVerb, before: Standing, after: Standing | None) -> None:
        state, command = an_agency(before), ChangeStanding(verb=verb)
        if after is None:
            with pytest.raises(WrongState) as refused:
                agency.decide(command, state)
            assert refused.value.stands == before
            assert verb not in verbs(before)
        elif after is before:
            assert agency.decide(command, state) == ()
        else:
            (fact,) = agency.decide(command, state)
            assert (fact.standing, fact.origin, fact.profile) == (after, Origin.EDITED, DOULAS)
            assert verb in verbs(before)

    def test_it_is_listed_once(self) -> None:
        command = ListAgency(agency="doulas", profile=DOULAS, standing=Standing.INVITED, origin=Origin.EDITED)
        (fact,) = agency.decide(command, None)
        assert (fact.agency, fact.standing) == ("doulas", Standing.INVITED)
        assert agency.decide(command, an_agency(Standing.ACTIVE)) == ()
        other = ListAgency(
            agency="doulas", profile=DOULAS.model_copy(update={"name": "Others"}), standing=Standing.INVITED,
            origin=Origin.EDITED,
        )  # fmt: skip
        with pytest.raises(Conflict, match="agency-already-listed"):
            agency.decide(other, an_agency(Standing.ACTIVE))

    def test_an_edit_says_the_whole_and_keeps_its_standing(self) -> None:
        renamed = DOULAS.model_copy(update={"name": "Doulas of Example"})
        (fact,) = agency.decide(EditAgency(profile=renamed), an_agency(Standing.PAUSED))
        assert (fact.profile, fact.standing, fact.origin) == (renamed, Standing.PAUSED, Origin.EDITED)
        assert agency.decide(EditAgency(profile=DOULAS), an_agency(Standing.PAUSED)) == ()

    @pytest.mark.parametrize(
        ("state", "refusal"), [(None, NotASide), (an_agency(Standing.LEFT), WrongState)], ids=["nobody", "left"]
    )
    def test_what_is_not_there_or_has_left_is_not_edited(
        self, state: ListedAgency | None, refusal: type[Refusal]
    ) -> None:
        with pytest.raises(refusal):
            agency.decide(EditAgency(profile=DOULAS.model_copy(update={"name": "Others"})), state)

    def test_the_latest_word_stands(self) -> None:
        first, last = an_agency(Standing.ACTIVE).stated, an_agency(Standing.PAUSED).stated
        state = agency.fold([Happened(first, AT, "backbone"), Happened(last, AT + timedelta(1), "doulas")])
        assert state == ListedAgency(last, AT + timedelta(1))
        with pytest.raises(ForeignFact):
            agency.fold([Happened(a_service().stated, AT, "doulas")])


class TestService:
    def test_it_is_listed_once(self) -> None:
        command = ListService(agency="doulas", service="birth", profile=BIRTH, origin=Origin.EDITED)
        (fact,) = service.decide(command, None)
        assert (fact.agency, fact.service, fact.profile) == ("doulas", "birth", BIRTH)
        assert service.decide(command, a_service()) == ()
        with pytest.raises(Conflict, match="service-already-listed"):
            service.decide(ListService(agency="wic", service="birth", profile=BIRTH, origin=Origin.EDITED), a_service())

    def test_an_edit_says_the_whole(self) -> None:
        closed = BIRTH.model_copy(update={"status": ServiceStatus.TEMPORARILY_CLOSED})
        (fact,) = service.decide(EditService(profile=closed), a_service())
        assert (fact.profile, fact.origin) == (closed, Origin.EDITED)
        assert service.decide(EditService(profile=BIRTH), a_service()) == ()
        with pytest.raises(NotASide):
            service.decide(EditService(profile=BIRTH), None)

    def test_r6_the_need_that_it_is_for_stays(self) -> None:
        moved = BIRTH.model_copy(update={"category": Category.INTIMATE_PARTNER_VIOLENCE})
        with pytest.raises(WrongState, match="service-category-fixed"):
            service.decide(EditService(profile=moved), a_service())

    def test_ages_stand_in_order(self) -> None:
        with pytest.raises(Unfit, match="ages-out-of-order"):
            service.decide(
                EditService(profile=BIRTH.model_copy(update={"minimum_age": 30, "maximum_age": 20})), a_service()
            )

    def test_entries_of_one_name_are_three_and_another_three_elsewhere(self) -> None:
        made = {make(place, "same") for make in (agency_stream, service_stream, capacity_stream) for place in "ab"}
        assert len(made) == 6


def stated(on: date = TODAY, room: Room = Room.OPEN, **more: object) -> CapacityStated:
    return CapacityStated.model_validate({"agency": "doulas", "service": "birth", "room": room, "on": on, **more})


class TestRoom:
    def say(self, room: Room, today: date = TODAY, **more: Any) -> StateCapacity:
        return StateCapacity(agency="doulas", service="birth", today=today, room=room, **more)

    def test_the_same_on_the_same_day_is_nothing_and_on_the_next_it_is_young_again(self) -> None:
        (first,) = capacity.decide(self.say(Room.OPEN), None)
        state = capacity.fold([Happened(first, AT, "doulas")])
        assert capacity.decide(self.say(Room.OPEN), state) == ()
        (second,) = capacity.decide(self.say(Room.OPEN, TODAY + timedelta(1)), state)
        assert second.on == TODAY + timedelta(1)

    @pytest.mark.parametrize(
        ("room", "more", "slug"),
        [
            (Room.OPEN, {"waitlist_length": 3}, "waitlist-without-list"),
            (Room.FULL, {"from_on": TODAY - timedelta(1)}, "room-from-when"),
            (Room.NOT_KNOWN, {"from_on": TODAY + timedelta(9)}, "room-from-when"),
        ],
    )
    def test_what_cannot_be_is_refused(self, room: Room, more: dict[str, Any], slug: str) -> None:
        with pytest.raises(Unfit, match=slug):
            capacity.decide(self.say(room, **more), None)

    @pytest.mark.parametrize(
        ("said", "today", "known"),
        [
            (TODAY, TODAY, True),
            (TODAY, TODAY + timedelta(30), True),
            (TODAY, TODAY + timedelta(31), False),
            (date(2026, 10, 20), date(2026, 11, 19), True),  # over the end of daylight saving, 1 November 2026
            (date(2026, 10, 20), date(2026, 11, 20), False),
            (date(2026, 2, 20), date(2026, 3, 22), True),  # over its beginning, 8 March 2026
            (date(2026, 2, 20), date(2026, 3, 23), False),
            (date(2028, 2, 10), date(2028, 3, 11), True),  # over a leap day
            (date(2028, 2, 10), date(2028, 3, 12), False),
        ],
    )
    def test_r15_room_is_not_known_after_30_days(self, said: date, today: date, known: bool) -> None:
        now = room_now(stated(said), today, 30)
        assert (now.room, now.said_on) == (Room.OPEN if known else Room.NOT_KNOWN, said)

    def test_what_nobody_said_is_not_known(self) -> None:
        assert room_now(None, TODAY, 30).room is Room.NOT_KNOWN
        assert room_now(stated(room=Room.NOT_KNOWN), TODAY, 30).said_on == TODAY

    def test_a_day_from_which_there_is_room_comes(self) -> None:
        full = stated(room=Room.FULL, from_on=TODAY + timedelta(5))
        assert room_now(full, TODAY + timedelta(4), 30).room is Room.FULL
        assert room_now(full, TODAY + timedelta(5), 30).room is Room.OPEN
        assert room_now(full, TODAY + timedelta(31), 30).room is Room.NOT_KNOWN

    def test_no_other_fact_is_folded(self) -> None:
        with pytest.raises(ForeignFact):
            capacity.fold([Happened(a_service().stated, AT, "doulas")])


THANKSGIVING = date(2026, 11, 26)


def is_thanksgiving(day: date) -> bool:
    return day == THANKSGIVING


class TestSchedule:
    """RFC 5545, by a library."""

    @pytest.mark.parametrize(
        ("fields", "since", "opens"),
        [
            ({"freq": "WEEKLY", "byday": "MO,WE"}, date(2026, 11, 3), date(2026, 11, 4)),
            ({"freq": "WEEKLY", "byday": "MO"}, date(2026, 11, 2), date(2026, 11, 2)),
            (
                {"freq": "WEEKLY", "interval": 2, "byday": "TU", "dtstart": date(2026, 11, 3)},
                date(2026, 11, 4),
                date(2026, 11, 17),
            ),
            ({"freq": "MONTHLY", "byday": "1TU"}, date(2026, 11, 4), date(2026, 12, 1)),
            ({"freq": "MONTHLY", "bymonthday": "31"}, date(2026, 11, 1), date(2026, 12, 31)),
            (
                {"freq": "MONTHLY", "bymonthday": "29", "dtstart": date(2028, 1, 29)},
                date(2028, 2, 1),
                date(2028, 2, 29),
            ),
            ({"freq": "DAILY", "until": date(2026, 11, 2)}, date(2026, 11, 3), None),
            ({"freq": "DAILY", "valid_from": date(2026, 12, 1)}, date(2026, 11, 3), date(2026, 12, 1)),
            ({"freq": "DAILY", "valid_to": date(2026, 11, 2)}, date(2026, 11, 3), None),
            ({"freq": "WEEKLY", "count": 2, "byday": "MO", "dtstart": date(2026, 11, 2)}, date(2026, 11, 10), None),
            ({"description": "By appointment"}, date(2026, 11, 3), None),
            ({"freq": "WEEKLY", "byday": "TH"}, THANKSGIVING, THANKSGIVING),
            (
                {"freq": "WEEKLY", "byday": "TH", "closed_on_holidays": True},
                THANKSGIVING,
                THANKSGIVING + timedelta(days=7),
            ),
            (
                {"freq": "WEEKLY", "byday": "TH", "exdate": (date(2026, 11, 5), date(2026, 11, 12))},
                date(2026, 11, 5),
                date(2026, 11, 19),
            ),
        ],
    )
    def test_the_next_day_on_which_it_is_open(self, fields: dict[str, object], since: date, opens: date | None) -> None:
        assert Schedule.model_validate(fields).next_open(since, is_thanksgiving) == opens

    @pytest.mark.parametrize(
        ("hours", "meet"),
        [
            ((9, 12, 12, 15), False),
            ((12, 15, 9, 12), False),
            ((9, 12, 11, 15), True),
            ((9, 17, 11, 12), True),
            ((9, 12, 9, 12), True),
        ],
    )
    def test_hours_that_follow_one_another_do_not_meet(self, hours: tuple[int, int, int, int], meet: bool) -> None:
        one, other = (Schedule(opens_at=time(a), closes_at=time(b)) for a, b in (hours[:2], hours[2:]))
        assert one.hours_meet(other) is meet
        assert one.hours_meet(Schedule(freq="DAILY")) is True

    @pytest.mark.parametrize(
        "fields",
        [
            {"freq": "WEEKLY", "count": 3, "until": date(2026, 12, 1)},
            {"byday": "MO"},
            {"exdate": (date(2026, 11, 5),)},
            {"freq": "WEEKLY", "byday": "1MO"},
            {"freq": "WEEKLY", "bymonthday": "3"},
            {"freq": "WEEKLY", "byday": "MO;TU"},
            {"freq": "MONTHLY", "bymonthday": "32"},
            {"freq": "HOURLY"},
            {"opens_at": time(9)},
            {"opens_at": time(9), "closes_at": time(9)},
            {"opens_at": time(9), "closes_at": time(17, tzinfo=UTC)},
            {"opens_at": time(9, tzinfo=UTC), "closes_at": time(17, tzinfo=UTC)},
            {"opens_at": time(9), "closes_at": time(17, 0, 0, 1)},
            {"valid_from": date(2026, 12, 1), "valid_to": date(2026, 11, 1)},
        ],
    )
    def test_what_is_no_rule_is_refused(self, fields: dict[str, object]) -> None:
        with pytest.raises(ValidationError):
            Schedule.model_validate(fields)
