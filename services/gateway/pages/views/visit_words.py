"""Owns how what happened to a visit reads, with its day and time."""

from datetime import datetime

from services.gateway.pages.api import Json
from services.gateway.pages.visit import Visit

VISITS = "appointment."


def visited(visit: Visit, type_: str, detail: Json) -> str:
    """The title of an event of a visit."""
    say, words = visit.words.say, visit.words
    due = datetime.fromisoformat(detail["due_at"]) if detail.get("due_at") else visit.now
    when = {"day": words.day(due, visit.today), "time": words.time(due)}
    hers = detail.get("by") == "client"
    match type_.rpartition(".v")[0].removeprefix(VISITS):
        case "booked":
            return say("Visit booked for %(day)s, %(time)s", **when)
        case "rescheduled" if hers:
            return say("Visit moved on her wish to %(day)s, %(time)s", **when)
        case "rescheduled":
            return say("Visit moved by the agency to %(day)s, %(time)s", **when)
        case "attended":
            return say("She came to the visit of %(day)s, %(time)s", **when)
        case "no_show":
            return say("She did not come to the visit of %(day)s, %(time)s", **when)
        case "cancelled" if hers:
            return say("She cancelled the visit of %(day)s, %(time)s", **when)
        case "cancelled":
            return say("The agency cancelled the visit of %(day)s, %(time)s", **when)
        case "taken_back":
            return say("A step was taken back")
        case "entered_in_error":
            return say("The visit was entered in error")
    return say("Something happened")
