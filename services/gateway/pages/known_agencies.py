"""Owns what the pages know of agencies, their names and whether they are on the system: as the directory says now.

Agencies come and change by the API (R22), so the configuration is only what stands until the directory was read once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from contracts.initiative import Initiative
from services.gateway.pages.api import Api, ApiProblem
from services.runtime.clock import Clock

FRESH: Final = timedelta(seconds=3)
"""How long an answer of the directory stands for every visit of an initiative."""


@dataclass(frozen=True)
class KnownAgency:
    """What an agency is called, and whether it takes part here; to one that does not, nothing is sent."""

    name: str
    on_system: bool


class KnownAgencies:
    """One process's memory of the directory, by initiative. Who has left stays known by name."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: dict[str, dict[str, KnownAgency]] = {}
        self._read_at: dict[str, datetime] = {}

    def of(self, initiative: Initiative | None) -> Mapping[str, KnownAgency]:
        """The agencies of an initiative by their ids, as far as anybody was told."""
        if initiative is None:
            return {}
        configured = {each.id: KnownAgency(each.name, each.on_system) for each in initiative.agencies}
        return configured | self._known.get(initiative.slug, {})

    def name(self, initiative: Initiative | None, agency: str | None) -> str | None:
        """What it is called; its id where nobody was told."""
        known = self.of(initiative).get(agency or "")
        return known.name if known else agency

    def on_system(self, initiative: Initiative | None, agency: str) -> bool:
        """Whether it takes part here."""
        known = self.of(initiative).get(agency)
        return known is None or known.on_system

    async def learn(self, api: Api, initiative: Initiative, own: str | None) -> None:
        """Ask the directory where the last answer has grown old, for somebody of the agency `own`.

        Where it cannot be asked, what was known stands: a page does not fail for a name.
        """
        now, read_at = self._clock.now(), self._read_at.get(initiative.slug)
        known = self._known.setdefault(initiative.slug, {})
        if read_at is not None and now - read_at < FRESH and (own is None or own in known):
            return
        self._read_at[initiative.slug] = now
        try:
            found = await api.every("/directory/agencies")
            if own is not None and own not in {each["agency"] for each in found}:
                # Invited, and not in the list of those that take part; it sees itself all the same.
                found += filter(None, [await api.find(f"/directory/agencies/{own}")])
        except ApiProblem:
            return
        known.update({each["agency"]: KnownAgency(each["name"], each["on_system"]) for each in found})
