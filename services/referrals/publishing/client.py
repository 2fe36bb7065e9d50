"""What others may read of a client: one line a kind of fact, which says what of it leaves."""

from collections.abc import Callable
from typing import assert_never
from uuid import UUID

from contracts.events.client import (
    ClientDemographicsStatedV1,
    ClientEvent,
    ClientLinkedV1,
    ClientNoFurtherContactCorrectedV1,
    ClientNoFurtherContactV1,
    ClientOutreachPausedV1,
    ClientOutreachResumedV1,
    ClientRegisteredV1,
    ClientUnlinkedV1,
)
from services.referrals.domain.client import (
    ClientFact,
    ClientLinked,
    ClientNamed,
    ClientRegistered,
    ClientUnlinked,
    ClientUnnamed,
    DemographicsStated,
    DetailsErased,
    HoldPlaced,
    HoldReleased,
    NoFurtherContact,
    NoFurtherContactCorrected,
    OutreachPaused,
    OutreachResumed,
)

Named = Callable[[UUID], str]
"""The log pseudonym of a client of the same initiative."""


def of_client(fact: ClientFact, named: Named) -> ClientEvent | None:
    """The published twin of a fact, None for what is stored only."""
    match fact:
        case ClientRegistered():
            return ClientRegisteredV1()
        case DemographicsStated():
            return _demographics(fact)
        case OutreachPaused():
            return ClientOutreachPausedV1()
        case OutreachResumed():
            return ClientOutreachResumedV1()
        case NoFurtherContact():
            return ClientNoFurtherContactV1()
        case NoFurtherContactCorrected():
            return ClientNoFurtherContactCorrectedV1()
        case ClientLinked(other=other):
            return ClientLinkedV1(other=named(other))
        case ClientUnlinked(other=other):
            return ClientUnlinkedV1(other=named(other))
        case ClientNamed() | ClientUnnamed() | DetailsErased() | HoldPlaced() | HoldReleased():
            return None
        case _:
            assert_never(fact)


def _demographics(fact: DemographicsStated) -> ClientDemographicsStatedV1:
    return ClientDemographicsStatedV1(
        race_ethnicity=fact.race_ethnicity,
        detailed=fact.detailed,
        declined=fact.declined,
        source=fact.source,
        language=fact.language,
        interpreter=fact.interpreter,
        payer=fact.payer,
        zip_group=fact.zip_group,
        county=fact.county,
    )
