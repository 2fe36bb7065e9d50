"""Handovers of work, as process mining counts them: who met a client, and who met her next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from services.measures.domain.figure import Journeys
from services.measures.domain.measure import AsOf
from services.measures.domain.period import Period

Matrix = Mapping[tuple[str, str], int]
"""How often contacts of the first were followed by one of the second."""


def handovers(journeys: Journeys, period: Period, as_of: AsOf, named: Callable[[str], str] = str) -> Matrix:
    """Every pair of consecutive completed contacts of a client whose later one lies in a period, by agency.

    `named` puts agencies together, as under their type. Those of clients whom figures leave out are left out (R7). The
    pairs of two agencies and all pairs are numerator and denominator of `agency_changes`.
    """
    counted: Counter[tuple[str, str]] = Counter()
    for _, journey in journeys:
        if journey.is_counted(as_of.consent):
            for earlier, later in journey.consecutive():
                if later.moment.at in period:
                    counted[named(earlier.agency), named(later.agency)] += 1
    return counted
