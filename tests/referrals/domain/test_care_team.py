"""Who is on a client's care team: cases that need no service to run."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.referrals.domain.care_team import Helper, Told, team
from services.referrals.domain.client import Client, ClientRegistered, DetailsErased, ErasureReason, evolve
from services.referrals.domain.consent import Consent, Statement
from services.referrals.domain.consent.visible import InForce, in_force
from services.referrals.domain.help import HelpState
from services.referrals.domain.referral import Referral, ReferralSent, ReferralStatus
from services.referrals.domain.referral.events import ConsentException
from services.referrals.domain.vocabulary import (
    Category,
    Channel,
    ConsentAuthority,
    ExceptionCode,
    GivenField,
    How,
    InformationKind,
    Mode,
    Priority,
    ResponsibilityDomain,
    RestrictedClass,
    restricted_class,
)

AT = datetime(2026, 11, 17, tzinfo=UTC)
TODAY = date(2026, 11, 17)
NORTH, DOULAS = "example-clinic-north", "example-doula-network"


def registered(*facts: Any) -> Client:
    client = evolve(None, ClientRegistered(), AT, NORTH)
    for fact in facts:
        client = evolve(client, fact, AT, NORTH)
    return client


def sent(status: ReferralStatus = ReferralStatus.SENT, *, days: int = 0, **more: Any) -> Referral:
    plain: dict[str, Any] = {
        "from_agency": NORTH, "to_agency": DOULAS, "to_channel": Channel.SYSTEM, "service": "support",
        "category": Category.DOULA, "mode": Mode.DIRECT, "priority": Priority.ROUTINE, "given": (),
    }  # fmt: skip
    return Referral(sent=ReferralSent(**plain | more), sent_at=AT + timedelta(days=days), status=status)


def yes(authority: ConsentAuthority = ConsentAuthority.SELF, number: int = 1) -> InForce:
    said = Statement(
        agreed=True,
        how=How.SPOKEN,
        on=TODAY,
        fields=(GivenField.NAME,),
        recipient=DOULAS,
        shared=(InformationKind.HOUSING,),
        authority=authority,
    )
    return InForce(UUID(int=number), Consent(recorded=said, at=AT, agency=NORTH))


def of(*given: Referral, client: Client | None = None, consents: tuple[InForce, ...] = (), **told: Any) -> list[Helper]:
    known = Told(
        clients=[client or registered()], sent=given, leads=told.get("leads", ()), consents=in_force(consents, on=TODAY)
    )
    return team(known, told.get("class_of", lambda agency: None))


def test_who_erased_what_it_held_has_no_record_of_hers() -> None:
    erased = registered(DetailsErased(reason=ErasureReason.CLIENT_REQUEST))
    assert [each.agency for each in of(sent(), client=erased)] == [DOULAS]
    assert [(each.agency, each.registered) for each in of(sent())] == [(NORTH, True), (DOULAS, False)]


def test_a_need_that_was_sent_twice_is_told_of_once_as_it_stands_furthest() -> None:
    why = ConsentException(code=ExceptionCode.EMERGENCY, reason=UUID(int=9))
    phone, name = GivenField.PHONES, GivenField.NAME
    again = sent(exception=why, given=(phone,)), sent(exception=why, given=(name,))
    _, helper = of(*again, sent(ReferralStatus.ACCEPTED, days=1, given=(GivenField.DUE_DATE,)))
    assert [(each.state, each.exception, each.unasked) for each in helper.helps] == [
        (HelpState.ACCEPTED, ExceptionCode.EMERGENCY, (name, phone))
    ]


def test_what_is_over_is_told_of_no_more() -> None:
    assert [each.agency for each in of(sent(mode=Mode.INFORMATIONAL))] == [NORTH], "she goes there herself"
    open_states = {status for status in ReferralStatus if len(of(sent(status))) == 2}
    assert open_states == {
        *(ReferralStatus.SENT, ReferralStatus.RECEIVED, ReferralStatus.WAITLISTED, ReferralStatus.ACCEPTED),
        *(ReferralStatus.IN_SERVICE, ReferralStatus.CANCEL_REQUESTED),
    }


def test_an_agency_whose_name_tells_is_of_that_class_whatever_it_does() -> None:
    (_, helper) = of(sent(), class_of=lambda agency: RestrictedClass.IPV if agency == DOULAS else None)
    assert (helper.agency, helper.restricted) == (DOULAS, RestrictedClass.IPV)


SOUTH, ABBEY = "example-clinic-south", "abbey-sample"
CARE, MENTAL = Category.PRENATAL_CARE_NAVIGATION, Category.BEHAVIORAL_HEALTH


def restricted(agency: str, *, days: int = 0, category: Category = MENTAL) -> Referral:
    return sent(days=days, to_agency=agency, category=category, restricted=restricted_class(category))


def test_r6_the_place_of_what_is_restricted_tells_no_agency() -> None:
    """It stands last, by when it began, whatever its agency is called and whoever helps her otherwise."""
    part_2 = restricted(DOULAS, days=1, category=Category.SUBSTANCE_USE_TREATMENT)
    given = (sent(to_agency=SOUTH, category=CARE), restricted(ABBEY, days=2), part_2, restricted(SOUTH), sent())
    open_ones = [(NORTH, None), (SOUTH, None), (DOULAS, None)]
    for told in (given, given[::-1]):
        found = [(each.agency, each.restricted) for each in of(*told)]
        assert found == [
            *open_ones,
            (SOUTH, RestrictedClass.BEHAVIORAL),
            (DOULAS, RestrictedClass.PART_2),
            (ABBEY, RestrictedClass.BEHAVIORAL),
        ]


def test_r6_who_leads_what_is_restricted_stands_last_too() -> None:
    leads = [(ABBEY, ResponsibilityDomain.BEHAVIORAL_HEALTH)]
    assert [each.agency for each in of(sent(), leads=leads)] == [NORTH, DOULAS, ABBEY]


def test_r6_two_cards_of_one_agency_do_not_show_the_same() -> None:
    kinds = (InformationKind.HOUSING, InformationKind.BEHAVIORAL_HEALTH)
    general = yes().consent.recorded.model_copy(update={"shared": kinds})
    consents = (InForce(UUID(int=1), replace(yes().consent, recorded=general)),)
    both = of(sent(), restricted(DOULAS), consents=consents)[1:]
    assert [set(each.kinds) for each in both] == [set(kinds), {InformationKind.BEHAVIORAL_HEALTH}]
    (alone,) = of(restricted(DOULAS), consents=consents)[1:]
    assert set(alone.kinds) == set(kinds), "there is no other that would tell"


def test_a_guardians_yes_is_none_where_she_spoke_for_herself_as_a_minor() -> None:
    guardian, herself = yes(ConsentAuthority.GUARDIAN), yes(ConsentAuthority.SELF_MINOR, number=2)
    said = herself.consent.recorded.model_copy(update={"recipient": NORTH})
    elsewhere = InForce(herself.id, replace(herself.consent, recorded=said))
    assert of(sent(), consents=(guardian,))[1].fields == (GivenField.NAME,)
    assert of(sent(), consents=(guardian,))[1].kinds == (InformationKind.HOUSING,)
    assert of(sent(), consents=(guardian, elsewhere))[1].fields == ()
