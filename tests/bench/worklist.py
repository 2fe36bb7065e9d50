"""The work list: what waits for an agency with its counts, as each agency opens it, whole, late alone, of one kind."""

from itertools import cycle, islice

from tests.bench.asking import Ask
from tests.bench.multitude import Multitude


def asks(county: Multitude, count: int) -> list[Ask]:
    """So many, of every agency in turn."""
    agencies = sorted(set(county.model.values()))
    tokens = {agency: county.stage.token(agency) for agency in agencies}
    lists = [(agency, more) for agency in agencies for more in ("", "&overdue=true", "&kind=answer")]
    return [Ask(f"/v1/work?limit=20{more}", tokens[agency]) for agency, more in islice(cycle(lists), count)]
