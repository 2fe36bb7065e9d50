"""What follows from what is asked about a client as a person (R5, R7, R20, R21)."""

from typing import assert_never
from uuid import UUID

from services.referrals.domain.client.commands import (
    ClientCommand,
    CorrectStop,
    EraseDetails,
    LinkClient,
    NameClient,
    PauseOutreach,
    PlaceHold,
    RegisterClient,
    ReleaseHold,
    ResumeOutreach,
    StateDemographics,
    StopContact,
    UnlinkClient,
    UnnameClient,
)
from services.referrals.domain.client.events import (
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
from services.referrals.domain.client.groups import category_of_group
from services.referrals.domain.client.machine import EDGES, OutreachStatus, OutreachVerb, status_of
from services.referrals.domain.client.state import Client
from services.referrals.domain.refusal import Conflict, NotASide, Unfit, WrongState


def decide(command: ClientCommand, state: Client | None) -> tuple[ClientFact, ...]:
    """A client is registered once (R21); everything else is said of one who is."""
    if isinstance(command, RegisterClient):
        return () if state else (ClientRegistered(),)
    if state is None:
        raise NotASide
    match command:
        case StateDemographics():
            return _state(command, state)
        case PauseOutreach():
            return _pause(command, state)
        case ResumeOutreach():
            return _resume(state)
        case StopContact():
            return _stop(command, state)
        case CorrectStop():
            return _correct(command, state)
        case LinkClient(agency=agency, other=other):
            return () if _takes_for(state, agency, other) else (ClientLinked(other=other),)
        case UnlinkClient(agency=agency, other=other):
            return (ClientUnlinked(other=other),) if _takes_for(state, agency, other) else ()
        case NameClient(agency=agency, by=by):
            return () if _takes_for(state, agency, by) else (ClientNamed(by=by),)
        case UnnameClient(agency=agency, by=by):
            return (ClientUnnamed(by=by),) if _takes_for(state, agency, by) else ()
        case EraseDetails() | PlaceHold() | ReleaseHold():
            return _keep_or_erase(command, state)
        case _:
            assert_never(command)


def _state(command: StateDemographics, state: Client) -> tuple[DemographicsStated, ...]:
    said = command.stated
    if said.declined and (said.race_ethnicity or said.detailed):
        raise Unfit("declined-and-stated")
    if any(category_of_group(group) not in said.race_ethnicity for group in said.detailed):
        raise Unfit("group-not-of-race")
    return () if state.stated.get(command.agency) == said else (said,)


def _pause(command: PauseOutreach, state: Client) -> tuple[OutreachPaused, ...]:
    status = status_of(state, command.agency)
    if status is OutreachStatus.PAUSED:
        return ()
    if status not in EDGES[OutreachVerb.PAUSE].sources:  # there is none left to be paused (R20)
        raise WrongState(status, "no-further-contact")
    return (OutreachPaused(),)


def _resume(state: Client) -> tuple[OutreachResumed, ...]:
    if state.paused:
        return (OutreachResumed(),)
    if state.resumed:
        return ()
    raise WrongState("open", "outreach-not-paused")


def _stop(command: StopContact, state: Client) -> tuple[NoFurtherContact, ...]:
    stands = state.stopped.get(command.agency)
    if stands is not None:
        if command.same or stands.cause == command.cause:
            return ()
        raise Conflict("stopped", "no-further-contact-recorded")
    return (NoFurtherContact(cause=command.cause, everything=command.everything),)


def _correct(command: CorrectStop, state: Client) -> tuple[NoFurtherContactCorrected, ...]:
    if command.agency in state.stopped:
        return (NoFurtherContactCorrected(),)
    if command.agency in state.corrected:
        return ()
    raise WrongState("open", "contact-not-stopped")


def _keep_or_erase(
    command: EraseDetails | PlaceHold | ReleaseHold, state: Client
) -> tuple[DetailsErased | HoldPlaced | HoldReleased, ...]:
    held = command.agency in state.held
    match command:
        case EraseDetails(reason=reason):
            if held:
                raise WrongState("held", "details-held")
            last = state.erased.get(command.agency)
            again = last is not None and not (command.anew and last < command.at)
            return () if again else (DetailsErased(reason=reason),)
        case PlaceHold(reason=reason):
            if not held and command.agency in state.erased and not command.anew:
                raise WrongState("erased", "details-erased")
            return () if held else (HoldPlaced(reason=reason),)
        case ReleaseHold():
            return (HoldReleased(),) if held else ()
        case _:
            assert_never(command)


def _takes_for(state: Client, agency: str, other: UUID) -> bool:
    return other in state.same.get(agency, frozenset())
