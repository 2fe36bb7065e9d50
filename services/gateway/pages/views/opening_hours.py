"""Owns when a service is open, on a page: told in words, and edited as days of the week with hours (RFC 5545 below).

What is not simply weekly, such as every second Tuesday, came from elsewhere: it is told and kept as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final

from services.gateway.pages.api import Json
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

DAYS: Final[Mapping[str, str]] = {
    "MO": N_("Monday"),
    "TU": N_("Tuesday"),
    "WE": N_("Wednesday"),
    "TH": N_("Thursday"),
    "FR": N_("Friday"),
    "SA": N_("Saturday"),
    "SU": N_("Sunday"),
}
SIMPLE: Final = frozenset({"freq", "byday", "opens_at", "closes_at", "exdate", "closed_on_holidays"})
WORDS: Final = frozenset({"description"})
LEAST, MOST = 2, 7
"""Rows of the form: so many are shown, however few are filled in, and so many there can be."""


@dataclass(frozen=True)
class Row:
    """Some days of the week with the same hours."""

    days: tuple[str, ...] = ()
    opens: str = ""
    closes: str = ""


def told(visit: Visit, service: Json) -> str:
    """When it is open, in words, what came from elsewhere in its own; what all days have in common is told once."""
    schedules = service["schedules"]
    closings = {_closed(visit, each) for each in schedules if each.get("freq")}
    if len(closings) != 1:
        return "; ".join(filter(None, (_told(visit, each) for each in schedules)))
    return "; ".join(filter(None, (*(_open(visit, each) for each in schedules), *closings)))


def _told(visit: Visit, schedule: Json) -> str:
    return ", ".join(filter(None, (_open(visit, schedule), _closed(visit, schedule))))


def _open(visit: Visit, schedule: Json) -> str:
    days = str(schedule.get("byday") or "").split(",") if schedule.get("freq") == "WEEKLY" else []
    named = visit.words.listed([visit.words.say(DAYS[day]) for day in days if day in DAYS])
    hours = f"{schedule['opens_at'][:5]}-{schedule['closes_at'][:5]}" if schedule.get("opens_at") else ""
    return ", ".join(str(part) for part in (schedule.get("description"), f"{named} {hours}".strip()) if part)


def _closed(visit: Visit, schedule: Json) -> str:
    """On which days to come it is closed nevertheless."""
    ahead = (date.fromisoformat(day) for day in schedule.get("exdate") or ())
    off = [visit.words.day(day, visit.today, "whole") for day in ahead if day >= visit.today]
    closed = visit.words.say("closed on %(days)s", days=visit.words.listed(off)) if off else ""
    holidays = visit.words.say("closed on holidays") if schedule.get("closed_on_holidays") else ""
    return ", ".join(filter(None, (holidays, closed)))


def values_of(schedules: Sequence[Json], today: date) -> dict[str, tuple[str, ...]]:
    """The fields of the form as the schedules fill them; a day off that is over is left out."""
    simple = [each for each in schedules if is_simple(each)]
    values: dict[str, tuple[str, ...]] = {}
    for number, each in enumerate(simple, 1):
        values[f"days-{number}"] = tuple((each.get("byday") or ",".join(DAYS)).split(","))
        values[f"opens-{number}"] = ((each.get("opens_at") or "")[:5],)
        values[f"closes-{number}"] = ((each.get("closes_at") or "")[:5],)
    dates = (day for each in simple for day in each.get("exdate") or ())
    off = dict.fromkeys(day for day in dates if date.fromisoformat(day) >= today)
    words = next((str(each["description"]) for each in schedules if _said(each) == WORDS), "")
    values["days_off"] = ("\n".join(off),)
    values["holidays"] = ("yes",) if any(each.get("closed_on_holidays") for each in simple) else ()
    values["hours_words"] = (words,)
    return values


def rows_of(visit: Visit) -> list[int]:
    """The numbers of the rows to show: what is filled in, and an empty one to go on with."""
    filled = [number for number in range(1, MOST + 1) if any(_row(visit, number).__dict__.values())]
    return list(range(1, min(MOST, max(LEAST, max(filled, default=0) + 1)) + 1))


def schedules_in(visit: Visit, before: Sequence[Json]) -> list[Json]:
    """What the form comes to, with what it does not show as it was; what is wrong is noted at its row."""
    form, say = visit.form, visit.words.say
    off = _days_off(visit)
    found: list[Json] = []
    taken: list[Row] = []
    for number in range(1, MOST + 1):
        row = _row(visit, number)
        if not any(row.__dict__.values()):
            continue
        form.needs(f"days-{number}", say("Choose the days"), unless=bool(row.days))
        hours = _clock(row.opens), _clock(row.closes)
        ordered = (not row.opens and not row.closes) or (None not in hours and str(hours[0]) < str(hours[1]))
        form.needs(f"opens-{number}", say("Give both hours, the first before the second"), unless=ordered)
        apart = not ordered or not any(_overlap(row, other) for other in taken)
        form.needs(f"opens-{number}", say("It is open then already: see the days and hours above"), unless=apart)
        taken.append(row)
        plain: dict[str, Any] = {"freq": "WEEKLY", "byday": ",".join(row.days), "exdate": off}
        if row.opens and row.closes:
            plain |= {"opens_at": f"{row.opens}:00", "closes_at": f"{row.closes}:00"}
        found.append(plain | {"closed_on_holidays": form.on("holidays", "yes")})
    if form.one("hours_words"):
        found.append({"description": form.one("hours_words")})
    return found + [each for each in before if not is_simple(each) and _said(each) != WORDS]


def kept_as_it_is(visit: Visit, schedules: Sequence[Json]) -> list[str]:
    """What the form does not show and leaves as it is, in words."""
    others = (each for each in schedules if not is_simple(each) and _said(each) != WORDS)
    return [_told(visit, each) or visit.words.say("A rule that came from elsewhere") for each in others]


def is_simple(schedule: Json) -> bool:
    """Whether it is days of every week with hours, and nothing else."""
    return schedule.get("freq") == "WEEKLY" and _said(schedule) <= SIMPLE


def _said(schedule: Json) -> frozenset[str]:
    return frozenset(name for name, value in schedule.items() if value not in (None, False, []))


def _row(visit: Visit, number: int) -> Row:
    form = visit.form
    days = tuple(day for day in DAYS if form.on(f"days-{number}", day))
    return Row(days, form.one(f"opens-{number}"), form.one(f"closes-{number}"))


def _overlap(one: Row, other: Row) -> bool:
    """Whether it would be open twice at some time; without hours it is open all day."""
    if not set(one.days) & set(other.days):
        return False
    if not one.opens or not other.opens:
        return True
    return one.opens < other.closes and other.opens < one.closes


def _clock(text: str) -> time | None:
    try:
        return time.fromisoformat(text)
    except ValueError:
        return None


def _days_off(visit: Visit) -> list[str]:
    """Dates, one a line, as a browser or anybody writes them: 2027-07-05."""
    typed = [line.strip() for line in visit.form.one("days_off").splitlines() if line.strip()]
    try:
        days = sorted({date.fromisoformat(line) for line in typed})
    except ValueError:
        words = visit.words.say("Write one day a line, as 2027-07-05")
        visit.form.needs("days_off", words, unless=False)
        return []
    over = [visit.words.day(day, visit.today, "whole") for day in days if day < visit.today]
    said = visit.words.say("Take out what is over: %(days)s", days=visit.words.listed(over))
    visit.form.needs("days_off", said, unless=not over)
    return [day.isoformat() for day in days]
