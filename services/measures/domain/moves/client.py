"""What is said of a client as a person means for her journey: who she says she is, and under which other names."""

from __future__ import annotations

from typing import Final, assert_never

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
from contracts.events.event import Published
from services.measures.domain.path import Moment
from services.measures.domain.person import Link, Stated

MOVED_BY: Final[frozenset[type[Published]]] = frozenset({ClientDemographicsStatedV1, ClientLinkedV1, ClientUnlinkedV1})


def apply(
    stated: dict[str, Stated], links: dict[tuple[str, str], Link], event: ClientEvent, moment: Moment, agency: str
) -> None:
    """What is known of the person after one more event: of each source, and of each link, what was said last."""
    match event:
        case ClientDemographicsStatedV1(source=source):
            before = stated.get(source)
            if before is None or before.moment < moment:
                stated[source] = Stated(moment, event)
        case ClientLinkedV1(other=other) | ClientUnlinkedV1(other=other):
            known = links.get((agency, other))
            if known is None or known.moment < moment:
                links[agency, other] = Link(moment, isinstance(event, ClientLinkedV1))
        case (
            ClientRegisteredV1()
            | ClientOutreachPausedV1()
            | ClientOutreachResumedV1()
            | ClientNoFurtherContactV1()
            | ClientNoFurtherContactCorrectedV1()
        ):
            pass
        case never:
            assert_never(never)
