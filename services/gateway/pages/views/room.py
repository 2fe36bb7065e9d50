"""Owns how a service's room is told: a word, its shape, and how old the word is."""

from datetime import date
from typing import NamedTuple

from services.gateway.pages.api import Json
from services.gateway.pages.visit import Visit


class RoomTold(NamedTuple):
    """The word with the shape of its tag, what stands beside it, and whether it is worth asking them."""

    word: str
    shape: str
    beside: str
    unknown: bool


def room_told(visit: Visit, service: Json) -> RoomTold:
    """What a service's agency said of its room, and when."""
    say, count = visit.words.say, visit.words.count
    age, answers = service.get("room_age_days"), service.get("usually_answers_days")
    said = _said(visit, age) if age is not None else say("Nobody has said so yet.")
    word, shape, unknown = say("Room not known"), "", False
    match service.get("room"):
        case "open":
            word, shape = say("Has room"), "done"
        case "waitlist":
            shape, waiting = "wait", service.get("waitlist_length")
            word = say("Waiting list")
            if waiting is not None:
                word = count("Waiting list, %(number)s waits", "Waiting list, %(number)s wait", waiting)
        case "full":
            word = say("Full")
        case _:
            unknown = True
            if age is not None:
                said = _too_old(visit, age)
    parts = [said]
    if service.get("room_from"):
        day = visit.words.day(date.fromisoformat(service["room_from"]), visit.today)
        parts.insert(0, say("Room from %(day)s.", day=day))
    if answers is not None:
        parts.append(
            count("Usually answers in %(number)s day.", "Usually answers in %(number)s days.", answers)
            if answers
            else say("Usually answers the same day.")
        )
    return RoomTold(word, shape, " ".join(parts), unknown)


def _said(visit: Visit, age: int) -> str:
    if age <= 0:
        return visit.words.say("They said so today.")
    return visit.words.count("They said so %(number)s day ago.", "They said so %(number)s days ago.", age)


def _too_old(visit: Visit, age: int) -> str:
    if age <= 0:
        return visit.words.say("They said today that they do not know.")
    return visit.words.count(
        "Last said %(number)s day ago: not to be relied on.",
        "Last said %(number)s days ago: too old to rely on.",
        age,
    )
