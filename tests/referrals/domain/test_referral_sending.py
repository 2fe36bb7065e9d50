"""What it takes to send a referral (F2, R1, R2, R4, R6)."""

from datetime import timedelta

import pytest

from services.referrals.domain import referral
from services.referrals.domain.referral import (
    ConsentException,
    ReferralCommand,
    ReferralSent,
    ReferralStatus,
)
from services.referrals.domain.refusal import (
    Conflict,
    NotAgreed,
    NotASide,
    Unfit,
)
from services.referrals.domain.vocabulary import (
    Category,
    Channel,
    ExceptionCode,
    GivenField,
    Mode,
    Priority,
    RestrictedClass,
)
from tests.invented import (
    ACCEPT,
    ACKNOWLEDGE,
    CLINIC,
    COMPLETE,
    CONSENT,
    DECLINE,
    FIELDS,
    HANDOFF,
    HUB,
    NEED,
    NOON,
    NOTE,
    PANTRY,
    RECEIVE,
    START,
    TODAY,
    agreement,
    send,
)
from tests.scenario import Rules

given = Rules(referral.decide, referral.fold).given

SENT = ReferralSent(
    from_agency=CLINIC,
    to_agency=PANTRY,
    to_channel=Channel.SYSTEM,
    service="weekly-food-boxes",
    category=Category.FOOD_INSECURITY,
    mode=Mode.DIRECT,
    priority=Priority.ROUTINE,
    given=FIELDS,
    consent=CONSENT,
    need=NEED,
)


class TestBeforeItExists:
    def test_r1_it_is_sent_with_her_consent_and_what_was_given_is_in_the_event(self) -> None:
        state = given().when(send()).then(SENT)
        assert (state.status, state.sent_at) == (ReferralStatus.SENT, NOON)

    def test_r1_fields_stand_once_and_in_the_order_of_the_list(self) -> None:
        twice = (GivenField.LANGUAGE, GivenField.NAME, GivenField.PHONES, GivenField.NAME)
        given().when(send(given=twice)).then(SENT)

    def test_r1_without_consent_or_exception_nothing_goes(self) -> None:
        given().when(send(agreement=None)).then_refused(NotAgreed, "consent-missing")

    @pytest.mark.parametrize(
        "consent",
        [
            agreement(agreed=False),
            agreement(recipient=HUB),
            agreement(fields=(GivenField.NAME,)),
            agreement(recipient=None, category=Category.DOULA),
            agreement(category=Category.DOULA),
            agreement(expires=TODAY - timedelta(days=1)),
            agreement(on=TODAY + timedelta(days=1)),
        ],
        ids=["refused", "another-receiver", "fewer-fields", "another-category", "both-wanted", "expired", "not-yet"],
    )
    def test_r1_a_consent_that_does_not_cover_sends_nothing(self, consent: object) -> None:
        given().when(send(agreement=consent)).then_refused(NotAgreed, "consent-does-not-cover")

    def test_r2_a_consent_for_the_category_covers_each_of_its_receivers(self) -> None:
        by_category = agreement(recipient=None, category=Category.FOOD_INSECURITY)
        given().when(send(agreement=by_category)).then(SENT)

    def test_r1_an_exception_sends_without_consent_and_says_so(self) -> None:
        exception = ConsentException(code=ExceptionCode.EMERGENCY, reason=NOTE)
        sent = SENT.model_copy(update={"consent": None, "exception": exception})
        given().when(send(agreement=None, exception=exception)).then(sent)

    def test_r4_an_open_twin_of_the_senders_own_is_refused(self) -> None:
        given().when(send(open_twin=HANDOFF)).then_refused(Conflict, "referral-already-open")

    def test_nobody_refers_to_itself(self) -> None:
        given().when(send(to_agency=CLINIC)).then_refused(Unfit, "same-agency")

    @pytest.mark.parametrize("category", [Category.HOMELESSNESS, Category.UNSPECIFIED])
    def test_a_service_is_asked_for_the_need_that_it_is_for(self, category: Category) -> None:
        other = send(category=category, service_category=Category.FOOD_INSECURITY)
        given().when(other).then_refused(Unfit, "category-not-of-service")

    @pytest.mark.parametrize(
        ("category", "restricted"),
        [
            (Category.BEHAVIORAL_HEALTH, RestrictedClass.BEHAVIORAL),
            (Category.SUBSTANCE_USE_TREATMENT, RestrictedClass.PART_2),
            (Category.INTIMATE_PARTNER_VIOLENCE, RestrictedClass.IPV),
            (Category.CONTRACEPTION, RestrictedClass.REPRODUCTIVE),
        ],
    )
    def test_r6_the_class_is_fixed_when_it_is_sent(self, category: Category, restricted: RestrictedClass) -> None:
        sent = SENT.model_copy(update={"category": category, "restricted": restricted})
        given().when(send(category=category)).then(sent)

    def test_r6_a_service_can_be_restricted_whatever_its_category(self) -> None:
        sent = SENT.model_copy(update={"restricted": RestrictedClass.PART_2})
        given().when(send(named_class=RestrictedClass.PART_2)).then(sent)

    @pytest.mark.parametrize("command", [RECEIVE, ACCEPT, DECLINE, START, COMPLETE, ACKNOWLEDGE])
    def test_r16_nothing_else_finds_it(self, command: ReferralCommand) -> None:
        given().when(command).then_refused(NotASide)
