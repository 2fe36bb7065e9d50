"""Who she says she is, over HTTP: race and ethnicity, language, payer, as figures ask for them (R7)."""

from typing import Annotated

from pydantic import Field

from services.referrals.api.callers import AtDesk, Staff, acting
from services.referrals.api.naming import Naming
from services.referrals.api.shapes import Answer, Body, Language
from services.referrals.application import client as clients
from services.referrals.application import person
from services.referrals.application.client import ClientSeen
from services.referrals.application.person import Stating
from services.referrals.domain.vocabulary import DetailedGroup, Payer, RaceEthnicity, StatedBy
from services.runtime.http import Call, Reply, fresh, lean_router

router = lean_router()


class DemographicsGiven(Body):
    """What she says of herself, whole: what is left away is not known. `declined`: she would not say, an answer too.

    Where she lives is taken from the agency's own record, and no more of it leaves than a group of ZIP codes.
    """

    race_ethnicity: Annotated[tuple[RaceEthnicity, ...], Field(max_length=len(RaceEthnicity))] = ()
    detailed: Annotated[tuple[DetailedGroup, ...], Field(max_length=len(DetailedGroup))] = ()
    declined: bool = False
    source: StatedBy = StatedBy.SELF_REPORTED
    language: Language | None = None
    interpreter: bool | None = None
    payer: Payer | None = None


class DemographicsShown(Answer):
    """What this agency stated of her; `source` is null where it never did."""

    client: str
    race_ethnicity: list[RaceEthnicity]
    detailed: list[DetailedGroup]
    declined: bool
    source: StatedBy | None
    language: str | None
    interpreter: bool | None
    payer: Payer | None
    zip_group: str | None
    county: str | None
    version: int


@router.get("/v1/clients/{client}/demographics")
async def get_demographics(principal: Staff, call: Call, desk: AtDesk, client: str) -> Reply[DemographicsShown]:
    """What this agency stated of her for figures."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    id = naming.back("client", client)
    seen = await fresh(call, lambda: clients.known_client(desk, who, id))
    return _shown(naming, seen)


@router.put("/v1/clients/{client}/demographics")
async def state_demographics(
    principal: Staff, call: Call, desk: AtDesk, client: str, body: DemographicsGiven
) -> Reply[DemographicsShown]:
    """State it anew. Every statement is kept; what she says herself wins over what was seen or imported."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    said = Stating(
        race_ethnicity=body.race_ethnicity,
        detailed=body.detailed,
        declined=body.declined,
        source=body.source,
        language=body.language,
        interpreter=body.interpreter,
        payer=body.payer,
    )
    done = await person.state_demographics(desk, who, naming.back("client", client), said)
    return _shown(naming, done.seen, replayed=done.replayed)


def _shown(naming: Naming, seen: ClientSeen, *, replayed: bool = False) -> Reply[DemographicsShown]:
    said = seen.stated
    shown = DemographicsShown(
        client=naming.out("client", seen.id),
        race_ethnicity=list(said.race_ethnicity) if said else [],
        detailed=list(said.detailed) if said else [],
        declined=said.declined if said else False,
        source=said.source if said else None,
        language=said.language if said else None,
        interpreter=said.interpreter if said else None,
        payer=said.payer if said else None,
        zip_group=said.zip_group if said else None,
        county=said.county if said else None,
        version=seen.version,
    )
    return Reply(shown, version=seen.version, replayed=replayed)
