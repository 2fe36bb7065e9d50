"""Agency changes: of every 100 times that a client was seen again, how often it was by another agency than before.

Who is counted: every pair of consecutive completed contacts of one client, contacts ordered by when they happened
and, where two happened at the same time, by the order in which they were recorded. A pair belongs to the period in
which its later contact happened; the earlier one may lie before the period.
Numerator: pairs whose two contacts were by different agencies.
Denominator: all pairs. A client with one contact has none.
Too recent to count (pending): none.
Left out by definition (excluded): pairs of clients who said no to being counted, as long as they say so; where an
initiative counts only those who said yes, of everybody else, too (rule R7).
Not known (missing): none; a contact always has an agency.
How to read it: it says how often help changes hands, which is neither good nor bad by itself. Read it beside handoff
completion.
Source: ours; the count of different consecutive resources in a case, as process mining counts handovers of work.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Rule, Standing, Unit

CHANGED: Final = Rule("changed", Standing.MET, "seen next by another agency")
SAME: Final = Rule("same", Standing.UNMET, "seen next by the same agency")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a completed contact that has one before it."""
    del as_of
    for earlier, later in journey.consecutive():
        rule = SAME if earlier.agency == later.agency else CHANGED
        yield Unit(later.moment.at, rule, agencies=(later.agency, earlier.agency))


DEFINITION: Final = Definition(
    id="agency_changes",
    version=1,
    title="Seen next by another agency",
    of="pairs of contacts",
    text=__doc__,
    note="Pairs of consecutive completed contacts by the day of the later one. Restricted contacts are left out.",
    anchor="process mining",
    assess=assess,
    rules=(CHANGED, SAME),
)
