"""How clients were met: of every 100 contacts, how many were visits, calls, group sessions and so on.

Who is counted: every completed contact in which she was met or answered (rule R17), by the time at which it took
place.
Numerator: each way to meet her has its own share: at home, in an office, elsewhere in the community, in a group, by
phone, by video, by text both ways, accompanied, in labor, by a ride, or with goods put into her hands.
Denominator: all of them; the shares add up to 100.
Too recent to count (pending): none.
Left out by definition (excluded): contacts of clients who said no to being counted, as long as they say so; where an
initiative counts only those who said yes, of everybody else, too (rule R7).
Not known (missing): contacts of a way that is younger than this definition.
How to read it: no way is better by itself; a shift from visits to calls is worth a question.
Source: catalogue G22 (by mode); ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Kind, Rule, Standing, Unit

WAYS: Final[Mapping[str, Rule]] = {
    code: Rule(code, Standing.MET, words)
    for code, words in (
        ("home_visit", "at home"),
        ("office_visit", "in an office"),
        ("community_visit", "elsewhere in the community"),
        ("group_session", "in a group session that she attended"),
        ("phone", "by phone"),
        ("video", "by video"),
        ("text_two_way", "by text, both ways"),
        ("accompaniment", "accompanied"),
        ("labor_support", "in labor"),
        ("transport_ride", "by a ride"),
        ("goods_delivery", "goods put into her hands"),
    )
}
OTHER: Final = Rule("other", Standing.MISSING, "in a way that is younger than this definition")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a contact."""
    del as_of
    for contact in journey.in_order():
        yield Unit(contact.moment.at, WAYS.get(contact.mode, OTHER), agencies=(contact.agency,))


DEFINITION: Final = Definition(
    id="contact_modes",
    version=1,
    title="How clients were met",
    of="contacts",
    text=__doc__,
    note="Completed contacts by the day they took place. Restricted contacts are left out.",
    anchor="ours",
    assess=assess,
    rules=(*WAYS.values(), OTHER),
    kind=Kind.MIX,
)
