"""Owns which releases a person may choose from: those that stand, the usual one, and what comes next."""

from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Literal

from services.gateway.pages.api import LARGEST_PAGE, ApiProblem, Json
from services.gateway.pages.figures.release import period_of
from services.gateway.pages.visit import Visit

PUBLISHED, WITHDRAWN, DRAFT = "published", "withdrawn", "draft"
LONGEST = "three_years"
Standing = Literal["drafted", "ahead", "now", "over"]
"""Of a release that is to come: waits for approval, its day lies ahead, can be built, or is over and was not."""


@dataclass(frozen=True)
class Releases:
    """Releases of the initiative, the newest first, and which are to come: the next of each period, with its day.

    `buildable`: what the backbone can build now, of each length the newest first.
    """

    items: list[Json]
    coming: list[Json]
    buildable: list[Json]

    @property
    def published(self) -> list[Json]:
        return [each for each in self.items if each["state"] == PUBLISHED]

    def stands(self, each: Json, today: date) -> Standing:
        """How one that is to come stands; of a draft and of what can be built the backbone alone is told."""
        drafts = [one for one in self.items if one["state"] == DRAFT]
        if any((one["period"], period_of(one)) == (each["period"], each["name"]) for one in drafts):
            return "drafted"
        if date.fromisoformat(each["due_on"]) > today:
            return "ahead"
        return "now" if any(one["name"] == each["name"] for one in self.buildable) else "over"

    def find(self, id: str | None) -> Json | None:
        """The release of that id, also one that was withdrawn."""
        return next((each for each in self.items if each["release"] == id), None)

    def asked(self, id: str | None) -> Json | None:
        """The release that was asked for by its id, None where none was. Raises ApiProblem 404: no such one for her."""
        found = self.find(id)
        if id and found is None:
            raise ApiProblem.not_there()
        return found

    def usual(self, length: str) -> Json | None:
        """The published one of the latest period of a length; where there is none, of the latest period of any.

        Of two that end alike it is the shorter one, of which more measures are ripe.
        """
        ready = self.published
        of_length = [each for each in ready if each["period"] == length]
        return max(of_length or ready, key=lambda each: (str(each["until"]), str(each["since"])), default=None)

    def longer_than(self, release: Json) -> Json | None:
        """The latest published one over three years, where this one is about less: small groups can be shown there."""
        longer = [each for each in self.published if each["period"] == LONGEST != release["period"]]
        return max(longer, key=lambda each: str(each["until"]), default=None)

    def next_of(self, length: str) -> Json | None:
        """The next one of a length that is to come."""
        return next((each for each in self.coming if each["period"] == length), None)

    def missed(self, length: str) -> Json | None:
        """The first one of a length, as long as none was published."""
        return None if any(each["period"] == length for each in self.published) else self.next_of(length)

    def before(self, release: Json) -> list[Json]:
        """The published releases of earlier periods of the same length, the latest first, each period once."""
        found: dict[str, Json] = {}
        for each in self.published:
            if each["period"] == release["period"] and each["until"] < release["until"]:
                found.setdefault(each["until"], each)
        return [found[until] for until in sorted(found, reverse=True)]


async def releases_of(visit: Visit) -> Releases:
    """The releases that this person may see. Raises ApiProblem."""
    found = await visit.api.get("/releases", limit=LARGEST_PAGE)
    return Releases(list(found["items"]), list(found["coming"]), list(found["buildable"]))


def first_of(visit: Visit, releases: Releases) -> Json | None:
    """The next release of the initiative's usual period, else of any."""
    return releases.next_of(usual_of(visit)) or next(iter(releases.coming), None)


def usual_of(visit: Visit) -> str:
    """How long the time is that releases of the initiative are about by default."""
    return visit.initiative.releases.default if visit.initiative else "quarter"


def no_such_table() -> ApiProblem:
    """A grouping that no release has (interface: view-not-in-catalogue)."""
    return ApiProblem(HTTPStatus.UNPROCESSABLE_ENTITY, {"type": "/problems/view-not-in-catalogue"})


def no_such_measure() -> ApiProblem:
    """A measure that there is not (interface: measure-unknown)."""
    return ApiProblem(HTTPStatus.UNPROCESSABLE_ENTITY, {"type": "/problems/measure-unknown"})
