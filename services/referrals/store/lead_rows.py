"""Owns the rows of who leads her: they wait once the leading agency has not met her for so long; a pure fold."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, TypeAlias

from services.referrals.directory import Stage
from services.referrals.domain.episode import (
    Episode,
    EpisodeResumed,
    ResponsibilityAssigned,
    ResponsibilityLeft,
    lead_id,
)
from services.referrals.domain.timer import Timer, TimerFired, TimerSet
from services.referrals.domain.vocabulary import Basis, ResponsibilityDomain
from services.referrals.store.clock_rows import Due
from services.referrals.store.commit import WorkRow
from services.referrals.store.keeper import lead_keepers
from services.referrals.store.written import Written

Assigned: TypeAlias = dict[ResponsibilityDomain, tuple[str, datetime]]
Fired: TypeAlias = set[tuple[ResponsibilityDomain | None, str, datetime | None]]
LEFT: Final = "left"
"""State of a lead that fell to the hub, which has not met her since: it asks who left it, `left_by` (R19)."""


def left_by(history: Sequence[Written]) -> dict[ResponsibilityDomain, str]:
    """Which agency led a domain before it fell to the hub, where the hub leads it now."""
    led: dict[ResponsibilityDomain, str] = {}
    fell: dict[ResponsibilityDomain, str] = {}
    for fact in (event.fact for event in history):
        if isinstance(fact, ResponsibilityAssigned):
            fell.pop(fact.domain, None)
            if fact.basis is Basis.HUB and led.get(fact.domain, fact.agency) != fact.agency:
                fell[fact.domain] = led[fact.domain]
            led[fact.domain] = fact.agency
        elif isinstance(fact, ResponsibilityLeft):
            led.setdefault(fact.domain, fact.agency)
    return fell


def met_since(history: Sequence[Written], state: Episode) -> dict[ResponsibilityDomain, datetime]:
    """When (UTC) who leads each domain last met her, or began to lead, or found her again: its timer runs from there.

    None runs for an agency that cannot find her.
    """
    if state.is_over:
        return {}
    met: dict[ResponsibilityDomain, datetime] = {}
    found_again: dict[str, datetime] = {}
    for event in history:
        fact = event.fact
        if isinstance(fact, TimerSet):
            if state.lead(fact.domain) == event.envelope.agency:
                met[fact.domain] = fact.since
        elif isinstance(fact, EpisodeResumed):
            found_again[event.envelope.agency] = event.envelope.occurred_at
    return {
        domain: max(lead.since, met.get(domain, lead.since), found_again.get(lead.agency, lead.since))
        for domain, lead in state.leads.items()
        if lead.agency not in state.own or not state.own[lead.agency].lost
    }


def lead_rows(history: Sequence[Written], state: Episode, due: Due) -> tuple[WorkRow, ...]:
    """A row for each domain that was ever led; its agency alone sees it, and it waits when 21 days are over (R15).

    What fell to the hub waits from then on, until the hub has met her (R19).
    """
    since, first = met_since(history, state), history[0].envelope
    last, fired = _told(history)
    fell, keepers, rows = left_by(history), lead_keepers(history), []
    for domain, (agency, began) in last.items():
        met = since.get(domain)
        at = None if met is None else due(first.initiative, Stage.SILENCE, met)
        silent = (domain, agency, at) in fired
        left = domain in fell and met == began
        until = due(first.initiative, Stage.CLAIM, began) if left else at
        waits = silent or left
        rows.append(
            WorkRow(
                kind="episode",
                id=lead_id(history[0].stream, domain),
                initiative=first.initiative,
                client_id=first.client_id,
                from_agency=agency,
                to_agency=agency,
                state="over" if met is None else LEFT if left else "silent" if silent else "met",
                version=history[-1].version,
                sent_at=met or began,
                domain=domain,
                due_at=until if waits else None,
                waits_for="silence" if waits else None,
                waits_on=agency if waits else None,
                fires=None if silent or at is None else Timer.SILENCE,
                fires_at=None if silent else at,
                held_by=None if met is None else keepers.get((domain, agency)),
            )
        )
    return tuple(rows)


def _told(history: Sequence[Written]) -> tuple[Assigned, Fired]:
    """Who led each domain last, and since when; and which timers of whom ran out."""
    last: Assigned = {}
    fired: Fired = set()
    for event in history:
        fact = event.fact
        if isinstance(fact, ResponsibilityAssigned):
            last[fact.domain] = fact.agency, event.envelope.occurred_at
        elif isinstance(fact, TimerFired) and fact.timer is Timer.SILENCE:
            fired.add((fact.domain, event.envelope.agency, fact.due_at))
    return last, fired
