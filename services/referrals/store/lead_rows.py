"""Owns the rows of who leads her: they wait once the leading agency has not met her for so long; a pure fold."""

from collections.abc import Sequence
from datetime import datetime

from services.referrals.directory import Stage
from services.referrals.domain.episode import Episode, EpisodeResumed, ResponsibilityAssigned, lead_id
from services.referrals.domain.timer import Timer, TimerFired, TimerSet
from services.referrals.domain.vocabulary import ResponsibilityDomain
from services.referrals.store.clock_rows import Due
from services.referrals.store.commit import WorkRow
from services.referrals.store.written import Written


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
    """A row for each domain that was ever led; its agency alone sees it, and it waits when 21 days are over (R15)."""
    since, first = met_since(history, state), history[0].envelope
    last: dict[ResponsibilityDomain, tuple[str, datetime]] = {}
    fired: set[tuple[ResponsibilityDomain | None, str, datetime | None]] = set()
    for event in history:
        fact = event.fact
        if isinstance(fact, ResponsibilityAssigned):
            last[fact.domain] = fact.agency, event.envelope.occurred_at
        elif isinstance(fact, TimerFired) and fact.timer is Timer.SILENCE:
            fired.add((fact.domain, event.envelope.agency, fact.due_at))
    rows = []
    for domain, (agency, began) in last.items():
        met = since.get(domain)
        at = None if met is None else due(first.initiative, Stage.SILENCE, met)
        silent = (domain, agency, at) in fired
        rows.append(
            WorkRow(
                kind="episode",
                id=lead_id(history[0].stream, domain),
                initiative=first.initiative,
                client_id=first.client_id,
                from_agency=agency,
                to_agency=agency,
                state="over" if met is None else "silent" if silent else "met",
                version=history[-1].version,
                sent_at=met or began,
                domain=domain,
                due_at=at if silent else None,
                waits_for="silence" if silent else None,
                waits_on=agency if silent else None,
                fires=None if silent or at is None else Timer.SILENCE,
                fires_at=None if silent else at,
            )
        )
    return tuple(rows)
