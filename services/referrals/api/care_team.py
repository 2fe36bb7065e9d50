"""Who helps her, over HTTP: a client's care team, for herself alone."""

from services.referrals.api.callers import AtDesk, Herself, acting
from services.referrals.api.directory_shapes import AgencyOnSystem, on_system_of
from services.referrals.api.herself import must_be_herself
from services.referrals.api.naming import Naming
from services.referrals.api.shapes import Answer, Instant
from services.referrals.application import care_team
from services.referrals.directory import NotInDirectory
from services.referrals.domain.care_team import Helper
from services.referrals.domain.help import Help, HelpState
from services.referrals.domain.vocabulary import (
    Category,
    ExceptionCode,
    GivenField,
    InformationKind,
    ResponsibilityDomain,
    RestrictedClass,
)
from services.runtime.http import Call, lean_router

router = lean_router()


class HelpShown(Answer):
    """What an agency does for her, or was asked for: a need, or what it would lead.

    `exception`: she was not asked first, and `unasked` are what it was given so.
    """

    state: HelpState
    since: Instant
    category: Category | None
    domain: ResponsibilityDomain | None
    exception: ExceptionCode | None
    unasked: list[GivenField]


class HelperShown(Answer):
    """An agency that helps her now, and where she can go or call.

    `restricted`: neither its name nor what it does is to stand where others may look on; what one agency does of such a
    class is an entry of its own. `registered`: it wrote down itself who she is. `fields` and `kinds` are what she
    agreed that it may have, and see of her timeline.
    """

    agency: AgencyOnSystem
    restricted: RestrictedClass | None
    registered: bool
    leads: list[ResponsibilityDomain]
    helps_with: list[HelpShown]
    fields: list[GivenField]
    kinds: list[InformationKind]


class Helpers(Answer):
    """All of them: whoever leads her care first, then who wrote down who she is, then who else helps.

    What is restricted comes last, by when it began.
    """

    items: list[HelperShown]


@router.get("/v1/clients/{client}/helpers")
async def list_helpers(principal: Herself, call: Call, desk: AtDesk, client: str) -> Helpers:
    """Who helps her now: who leads, who took on or was asked for something, and who registered her."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    id = naming.back("client", client)
    must_be_herself(naming, principal, id)
    found = await care_team.of_herself(desk, who, id, naming.class_told)
    return Helpers(items=[_shown(naming, each) for each in found])


def _shown(naming: Naming, helper: Helper) -> HelperShown:
    return HelperShown(
        agency=_agency(naming, helper.agency),
        restricted=helper.restricted,
        registered=helper.registered,
        leads=list(helper.leads),
        helps_with=[_help(each) for each in helper.helps],
        fields=list(helper.fields),
        kinds=list(helper.kinds),
    )


def _help(each: Help) -> HelpShown:
    return HelpShown(
        state=each.state,
        since=each.since,
        category=each.category,
        domain=each.domain,
        exception=each.exception,
        unasked=list(each.unasked),
    )


def _agency(naming: Naming, id: str) -> AgencyOnSystem:
    """With where it is reached; of a stub of an import nothing is known but its code (R26)."""
    try:
        return on_system_of(naming.desk.directory.agency(naming.acting.initiative, id))
    except NotInDirectory:
        return AgencyOnSystem(**dict(naming.agency(id)), on_system=False, phones=[], addresses=[])
