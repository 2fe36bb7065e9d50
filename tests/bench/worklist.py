"""The work list: what waits for an agency with its counts, as each agency opens it, whole, late alone, of one kind."""

from itertools import cycle, islice
from typing import Final

from tests.bench.asking import Ask
from tests.bench.multitude import Multitude

PAGE: Final = 20
"""What the page shows."""
AS_LONG: Final = 10
"""What the longest lists have in a county of ten thousand events: longer ones are not compared with them."""


def asks(county: Multitude, count: int, limit: int = PAGE) -> list[Ask]:
    """So many, of every agency in turn."""
    agencies = sorted(set(county.model.values()))
    tokens = {agency: county.stage.token(agency) for agency in agencies}
    lists = [(agency, more) for agency in agencies for more in ("", "&overdue=true", "&kind=answer")]
    return [Ask(f"/v1/work?limit={limit}{more}", tokens[agency]) for agency, more in islice(cycle(lists), count)]


def as_long(county: Multitude, count: int) -> list[Ask]:
    """The same with no more on a page than at either size: what it takes to find them among more is growth, what it
    takes to show more of them is not.
    """
    return asks(county, count, AS_LONG)
