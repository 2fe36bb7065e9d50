"""What an agency sees of another's writing: cases by rule, and a second, naive reading over random consents."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.domain.consent import Consent, ConsentStatus, Statement
from services.referrals.domain.consent.kinds import CATEGORIES, DOMAINS, kinds_of
from services.referrals.domain.consent.visible import About, InForce, Sight, in_force, visible
from services.referrals.domain.vocabulary import (
    Category,
    ConsentAuthority,
    GivenField,
    How,
    InformationKind,
    Purpose,
    ResponsibilityDomain,
    RestrictedClass,
    Unmapped,
)

TODAY = date(2026, 11, 17)
AT = datetime(2026, 11, 17, tzinfo=UTC)
NORTH, DOULAS, HUB = "example-clinic-north", "example-doula-network", "sample-county-chw-hub"
HEALTH, SOCIAL = InformationKind.PHYSICAL_HEALTH, InformationKind.SOCIAL_SERVICES
OF_CLASS = {
    RestrictedClass.BEHAVIORAL: InformationKind.BEHAVIORAL_HEALTH,
    RestrictedClass.PART_2: InformationKind.SUBSTANCE_USE,
    RestrictedClass.REPRODUCTIVE: InformationKind.REPRODUCTIVE_HEALTH,
}


def said(number: int = 1, *, by: str = NORTH, status: ConsentStatus | None = None, **more: Any) -> InForce:
    """A consent to the doulas, for one kind where no others are named."""
    told: dict[str, Any] = {"agreed": True, "how": How.SPOKEN, "on": TODAY, "fields": (GivenField.NAME,),
                            "recipient": DOULAS, "shared": (SOCIAL,)} | more  # fmt: skip
    statement = Statement(**told)
    found = ConsentStatus.AGREED if statement.agreed else ConsentStatus.REFUSED
    return InForce(UUID(int=number), Consent(recorded=statement, at=AT, agency=by, status=status or found))


def entry(*tags: Category, by: str = NORTH, restricted: RestrictedClass | None = None) -> About:
    """What the clinic wrote down of a need, of food where none is named."""
    named = tags or (Category.FOOD_INSECURITY,)
    return About(by, kinds_of(named), frozenset(named), restricted)


def seen(about: About, *consents: InForce, viewer: str = DOULAS, on: date = TODAY, side: bool = False) -> Sight:
    return visible(viewer, about, in_force(consents, on=on), side=side).sight


@pytest.mark.parametrize("about", [entry(), entry(Category.CONTRACEPTION, restricted=RestrictedClass.REPRODUCTIVE)])
def test_r8_own_writing_and_what_one_is_a_side_of_need_no_consent(about: About) -> None:
    no = said(agreed=False, shared=())
    assert seen(about, no, viewer=NORTH) is Sight.WHOLE
    assert seen(about, no, side=True) is Sight.WHOLE
    assert seen(about, no) is Sight.NOTHING


def test_it_names_the_consent_that_allowed_it() -> None:
    wrong, right = said(1, shared=(HEALTH,)), said(2)
    assert visible(DOULAS, entry(), in_force([wrong, right], on=TODAY), side=False) == (Sight.WHOLE, right.id)


@pytest.mark.parametrize(
    ("on", "expected"),
    [(TODAY - timedelta(1), Sight.NOTHING), (TODAY, Sight.WHOLE), (TODAY + timedelta(1), Sight.NOTHING)],
)
def test_a_yes_holds_from_the_day_on_which_she_said_it_to_its_last(on: date, expected: Sight) -> None:
    assert seen(entry(), said(expires=TODAY), on=on) is expected


@pytest.mark.parametrize("status", [ConsentStatus.REVOKED, ConsentStatus.EXPIRED, ConsentStatus.ENTERED_IN_ERROR])
def test_r1_what_was_taken_back_ran_out_or_was_never_said_opens_nothing(status: ConsentStatus) -> None:
    assert seen(entry(), said(status=status)) is Sight.NOTHING
    assert seen(entry(), said(1, status=status), said(2)) is Sight.WHOLE


def test_a_no_that_was_never_said_closes_nothing() -> None:
    no = said(2, agreed=False, shared=(), status=ConsentStatus.ENTERED_IN_ERROR)
    assert seen(entry(), said(1), no) is Sight.WHOLE


def test_between_those_whom_she_named_together_alone() -> None:
    both = said(recipient=None, recipients=(DOULAS, HUB))
    assert seen(entry(by=HUB), both) is Sight.WHOLE
    assert seen(entry(by="sample-ride-help"), both) is Sight.NOTHING
    assert seen(entry(by=HUB), both, viewer="sample-ride-help") is Sight.NOTHING
    assert seen(entry(by=HUB), both, viewer=NORTH) is Sight.NOTHING


@pytest.mark.parametrize("named", [DOULAS, None])
def test_the_narrower_of_two_wins_whoever_wrote_it_down(named: str | None) -> None:
    category = None if named else Category.FOOD_INSECURITY
    refusal = said(2, by=HUB, agreed=False, shared=(), recipient=named, category=category)
    assert seen(entry(), said(1), refusal) is Sight.NOTHING
    assert seen(entry(), said(1), said(2, by=HUB, shared=(), withheld=(SOCIAL,))) is Sight.NOTHING
    assert seen(entry(), said(1), said(2, by=HUB, recipient=HUB, agreed=False, shared=())) is Sight.WHOLE


def test_two_halves_of_a_yes_are_none() -> None:
    both = entry(Category.DOULA, Category.FOOD_INSECURITY)
    assert seen(both, said(1), said(2, shared=(HEALTH,))) is Sight.NOTHING
    assert seen(both, said(shared=(HEALTH, SOCIAL))) is Sight.WHOLE


@pytest.mark.parametrize("restricted", OF_CLASS)
def test_r6_a_restricted_class_is_whole_a_label_or_nothing(restricted: RestrictedClass) -> None:
    kind = OF_CLASS[restricted]
    about = entry(restricted=restricted)
    assert seen(about, said(shared=(SOCIAL, kind))) is Sight.WHOLE
    assert seen(about, said()) is Sight.LABEL
    assert seen(about, said(withheld=(kind,))) is Sight.NOTHING
    assert seen(about, said(category=Category.FOOD_INSECURITY)) is Sight.NOTHING
    assert seen(about) is Sight.NOTHING


def test_r6_violence_is_never_shown_and_never_hinted_at() -> None:
    everything = said(shared=tuple(InformationKind))
    assert seen(entry(Category.INTIMATE_PARTNER_VIOLENCE, restricted=RestrictedClass.IPV), everything) is Sight.NOTHING
    assert seen(entry(restricted=RestrictedClass.IPV), everything) is Sight.NOTHING
    assert seen(entry(Category.ELDER_ABUSE), everything) is Sight.NOTHING


@pytest.mark.parametrize("status", [None, ConsentStatus.REVOKED])
def test_a_guardians_yes_opens_nothing_of_a_minor_who_spoke_for_herself(status: ConsentStatus | None) -> None:
    guardian = said(1, authority=ConsentAuthority.GUARDIAN)
    herself = said(2, authority=ConsentAuthority.SELF_MINOR, shared=(HEALTH,), status=status)
    assert seen(entry(), guardian) is Sight.WHOLE
    assert seen(entry(), guardian, herself) is Sight.NOTHING
    assert seen(entry(), herself._replace(consent=said(authority=ConsentAuthority.SELF_MINOR).consent)) is Sight.WHOLE


@pytest.mark.parametrize("purpose", Purpose)
def test_a_timeline_is_read_for_care(purpose: Purpose) -> None:
    is_care = purpose in {Purpose.TREATMENT, Purpose.COORDINATION}
    assert (seen(entry(), said(purpose=purpose)) is Sight.WHOLE) is is_care


def test_every_need_and_domain_is_of_some_kind() -> None:
    assert set(CATEGORIES) < set(Category)
    assert set(DOMAINS) == set(ResponsibilityDomain)
    assert all(
        kinds_of(tags) == frozenset({HEALTH, SOCIAL}) for tags in ([Unmapped.UNMAPPED], [Category.UNSPECIFIED], [])
    )
    assert all(kinds_of([each]) for each in Category if "violence" not in each and "abuse" not in each)


# The second reading: each question asked on its own, by loops, of the words of the rules alone.

AGENCIES = (NORTH, DOULAS, HUB)
KINDS = tuple(InformationKind)
NEEDS = (Category.FOOD_INSECURITY, Category.DOULA, Category.BEHAVIORAL_HEALTH, Category.CONTRACEPTION,
         Category.INTIMATE_PARTNER_VIOLENCE)  # fmt: skip
AFTER_A_YES = [each for each in ConsentStatus if each is not ConsentStatus.REFUSED]
DAYS = st.integers(min_value=-2, max_value=2).map(lambda days: TODAY + timedelta(days))


@st.composite
def consents(draw: st.DrawFn, number: int) -> InForce:
    agreed = draw(st.booleans() | st.just(value=True))
    yes = draw(st.sets(st.sampled_from(KINDS)) | st.just(set(KINDS)))
    no = draw(st.sets(st.sampled_from(KINDS), max_size=1)) - yes
    return said(
        number,
        by=draw(st.sampled_from(AGENCIES)),
        agreed=agreed,
        on=draw(DAYS),
        expires=draw(st.none() | DAYS),
        recipient=draw(st.none() | st.sampled_from(AGENCIES)),
        recipients=tuple(sorted(draw(st.sets(st.sampled_from(AGENCIES))))),
        category=draw(st.none() | st.none() | st.sampled_from(NEEDS)),
        purpose=draw(st.sampled_from(Purpose) | st.just(Purpose.COORDINATION)),
        authority=draw(st.just(ConsentAuthority.SELF) | st.sampled_from(ConsentAuthority)),
        shared=tuple(sorted(yes)),
        withheld=tuple(sorted(no)),
        status=draw(st.none() | st.none() | st.sampled_from(AFTER_A_YES)) if agreed else None,
    )


@st.composite
def abouts(draw: st.DrawFn) -> About:
    tags = draw(st.sets(st.sampled_from(NEEDS), min_size=1, max_size=2))
    return entry(*sorted(tags), by=draw(st.sampled_from(AGENCIES)),
                 restricted=draw(st.none() | st.sampled_from(RestrictedClass)))  # fmt: skip


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[InForce], About]:
    number = draw(st.integers(min_value=0, max_value=4))
    return [draw(consents(each + 1)) for each in range(number)], draw(abouts())


def naive(viewer: str, about: About, said_of_her: list[InForce], *, side: bool) -> str:  # noqa: C901, PLR0911, PLR0912
    """The words of the rules, one after the other."""
    if side or viewer == about.agency:
        return "whole"
    if about.restricted == "ipv" or Category.INTIMATE_PARTNER_VIOLENCE in about.categories:
        return "nothing"
    wanted = set(about.kinds or ())
    if about.restricted is not None:
        wanted.add(OF_CLASS[about.restricted])
    minor = False
    for _, each in said_of_her:
        if each.recorded.authority == "self_minor" and each.status != "entered_in_error":
            minor = True
    label = False
    whole = False
    for _, each in said_of_her:
        statement = each.recorded
        if statement.purpose not in {"treatment", "coordination"} or statement.on > TODAY:
            continue
        named = [statement.recipient] if statement.recipient else []
        named += list(statement.recipients)
        concerns = not named or viewer in named
        if each.status == "refused":
            if concerns and (statement.category is None or statement.category in about.categories):
                return "nothing"
            continue
        if each.status != "agreed" or not statement.agreed:
            continue
        if statement.expires is not None and statement.expires < TODAY:
            continue
        if minor and statement.authority == "guardian":
            continue
        if concerns and wanted & set(statement.withheld):
            return "nothing"
        if viewer not in named or each.agency == viewer:
            continue
        if about.agency != each.agency and about.agency not in named:
            continue
        if not statement.shared:
            continue
        if wanted <= set(statement.shared) and statement.category is None:
            whole = True
        if wanted <= set(statement.shared) and about.categories == {statement.category}:
            whole = True
        if statement.category is None and about.restricted is not None:
            label = True
    return "whole" if whole else "label" if label else "nothing"


@given(world=worlds())
def test_a_naive_reading_of_the_rules_says_the_same(world: tuple[list[InForce], About]) -> None:
    said_of_her, about = world
    holding = in_force(said_of_her, on=TODAY)
    for viewer, side in product(AGENCIES, (False, True)):
        found = visible(viewer, about, holding, side=side)
        assert str(found.sight) == naive(viewer, about, said_of_her, side=side)
        needs_none = side or viewer == about.agency or found.sight is Sight.NOTHING
        assert (found.under is None) is needs_none
        if found.under is not None:
            assert found.under in {each.id for each in holding}


@given(world=worlds(), more=consents(number=9))
def test_a_no_more_never_shows_more(world: tuple[list[InForce], About], more: InForce) -> None:
    said_of_her, about = world
    order = [Sight.NOTHING, Sight.LABEL, Sight.WHOLE]
    no = InForce(more.id, Consent(recorded=more.consent.recorded.model_copy(update={"agreed": False, "shared": ()}),
                                  at=AT, agency=more.consent.agency, status=ConsentStatus.REFUSED))  # fmt: skip
    for viewer in AGENCIES:
        assert order.index(seen(about, *said_of_her, no, viewer=viewer)) <= order.index(
            seen(about, *said_of_her, viewer=viewer)
        )
