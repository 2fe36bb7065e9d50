"""Refusals of releases over HTTP: every named refusal as the problem that explains it."""

from __future__ import annotations

from services.measures.definitions import UnknownMeasure, find
from services.measures.releases.build import BeforeData, CutoffInTheFuture, NotClosed, NotReady, WindowLongerThanData
from services.measures.releases.deciding import Overlaps, OwnRelease, Withdrawn
from services.measures.releases.lattice import UnknownPeriod
from services.measures.releases.ledger import UnknownRelease
from services.measures.releases.views import NotInCatalogue
from services.runtime.http.problem import FieldError, Problem, not_found

REFUSALS = (
    *(UnknownMeasure, NotInCatalogue, UnknownPeriod, NotClosed, CutoffInTheFuture, WindowLongerThanData, NotReady),
    *(BeforeData, OwnRelease, Withdrawn, Overlaps, UnknownRelease),
)


def problem_of(refusal: Exception) -> Problem:  # noqa: PLR0911 - one line a refusal
    """The problem that says so; raises what is none of REFUSALS."""
    match refusal:
        case UnknownMeasure():
            return unknown_measure("/measures")
        case NotInCatalogue():
            return not_in_catalogue("/measures")
        case UnknownPeriod():
            return _unknown_period()
        case NotClosed(due_on=due_on):
            detail = f"It can be released from {due_on.isoformat()} on."
            return Problem(409, "period-not-closed", "That time is not over yet.", detail, more={"due_on": due_on})
        case CutoffInTheFuture():
            return _future()
        case WindowLongerThanData(measures=measures):
            detail = f"Too little is known for: {', '.join(measures)}."
            return Problem(409, "window-longer-than-data", "The data do not reach back that far.", detail)
        case BeforeData(begins_on=begins_on):
            detail = f"They begin on {begins_on.isoformat()}."
            more = {"begins_on": begins_on}
            return Problem(409, "period-before-data", "That time was over before the data begin.", detail, more=more)
        case NotReady():
            detail = "What was recorded last is not in the figures yet. Try again in a minute."
            return Problem(503, "figures-behind", "The figures are behind.", detail, headers={"Retry-After": "60"})
        case OwnRelease():
            detail = "Another person of the backbone looks at it and approves it."
            return Problem(409, "own-release", "You built this release.", detail)
        case Withdrawn():
            return withdrawn()
        case Overlaps(names=names):
            detail = f"{', '.join(names)} was published since it was built: build it again, to hide what would follow."
            title = "Another release is about some of the same time."
            return Problem(409, "release-overlaps", title, detail, more={"releases": list(names)})
        case UnknownRelease():
            return not_found()
    raise refusal


def unknown_measure(pointer: str) -> Problem:
    """No measure of that name is defined."""
    error = FieldError(pointer, "unknown_measure", "GET /v1/measures names them.")
    return Problem(422, "measure-unknown", "There is no measure of that name.", errors=[error])


def no_such_measure(measure: str) -> Problem:
    """Why a release has no figures of a measure: there is none of that name, or it was built without this one."""
    try:
        find(measure)
    except UnknownMeasure:
        return unknown_measure("/query/measure")
    return not_in_catalogue("/query/measure", "not_in_release")


def not_in_catalogue(pointer: str, code: str = "not_in_catalogue") -> Problem:
    """A table that releases of this initiative do not have."""
    error = FieldError(pointer, code, "The release's views name the tables that it has.")
    return Problem(422, "view-not-in-catalogue", "There is no such table.", errors=[error])


def withdrawn() -> Problem:
    """Its figures are gone; the release says why."""
    return Problem(409, "release-withdrawn", "This release was withdrawn.", "Its reason stands with the release.")


def _unknown_period() -> Problem:
    message = "Written so: a quarter 2026-Q3, a year 2026, three years as the initiative counts them 2025-2027."
    error = FieldError("/period", "unknown_period", message)
    return Problem(422, "period-unknown", "Figures are not released over that time.", errors=[error])


def _future() -> Problem:
    error = FieldError("/cutoff", "in_the_future", "Nobody knows yet what will be recorded by then.")
    return Problem(422, "cutoff-in-the-future", "That moment lies ahead.", errors=[error])
