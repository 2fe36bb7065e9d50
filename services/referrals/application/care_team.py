"""Reading a client's care team, for herself: all agencies that help her now, whichever of them let her in."""

from collections.abc import Callable
from uuid import UUID

from services.referrals.application import consent as consents
from services.referrals.application.acting import Acting
from services.referrals.application.client import all_of
from services.referrals.application.desk import Desk
from services.referrals.application.draft import History
from services.referrals.application.episode import pregnancies
from services.referrals.application.sealing import GIVING, HANDOFF
from services.referrals.domain import care_team, client, episode, handoff, referral
from services.referrals.domain.care_team import Helper, Told
from services.referrals.domain.client import Client
from services.referrals.domain.consent.visible import InForce, in_force
from services.referrals.domain.episode import Phase
from services.referrals.domain.handoff import Handoff
from services.referrals.domain.help import HELPING
from services.referrals.domain.referral import Referral
from services.referrals.domain.vocabulary import ResponsibilityDomain, RestrictedClass, Standing


async def of_herself(
    desk: Desk, acting: Acting, id: UUID, class_of: Callable[[str], RestrictedClass | None]
) -> list[Helper]:
    """Who helps her, under whichever of the agency's references (R21). Raises NotASide.

    An agency that has left the initiative helps nobody (R22).
    """
    clients, sent, leads = list[Client](), list[Referral | Handoff](), list[tuple[str, ResponsibilityDomain]]()
    for each in await all_of(desk, acting, id):
        found = await desk.look(each)
        she = client.fold(found[each].happened())
        clients += [she] if she is not None else []
        rows = {row.id: row.kind for row in found.work if row.kind in GIVING and row.state in HELPING}
        streams = await desk.histories(rows) if rows else {}
        sent += [state for row, kind in rows.items() if (state := _sent(streams[row], kind)) is not None]
        leads += _leads(acting, await pregnancies(desk, each))
    said = [InForce(seen.id, seen.state) for seen in await consents.of_herself(desk, acting, id)]
    told = Told(clients=clients, sent=sent, leads=leads, consents=in_force(said, on=acting.today))
    team = care_team.team(told, class_of)
    return [each for each in team if desk.directory.standing(acting.initiative, each.agency) is not Standing.LEFT]


def _sent(history: History, kind: str) -> Referral | Handoff | None:
    facts = history.happened()
    return handoff.fold(facts) if kind == HANDOFF else referral.fold(facts)


def _leads(acting: Acting, told: list[History]) -> list[tuple[str, ResponsibilityDomain]]:
    states = [state for history in told if (state := episode.fold(history.happened())) is not None]
    going_on = [state for state in states if state.phase(acting.today) is not Phase.CLOSED]
    return [(lead.agency, domain) for state in going_on for domain, lead in state.leads.items()]
