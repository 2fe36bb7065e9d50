"""The work list: what waits for an agency with its counts, at 10,000 and at 1,000,000 events of 100,000 clients."""

import argparse
import sys
from itertools import cycle, islice

from tests.bench.multitude import Multitude
from tests.bench.readings import Ask, compare


def main() -> int:
    """Print the last line; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, default=99, help="of a thousand clients each")
    parser.add_argument("--requests", type=int, default=1_000)
    options = parser.parse_args()

    def asks(county: Multitude) -> list[Ask]:
        agencies = sorted(set(county.model.values()))
        tokens = {agency: county.stage.token(agency) for agency in agencies}
        lists = [(agency, more) for agency in agencies for more in ("", "&overdue=true", "&kind=answer")]
        wanted = islice(cycle(lists), options.requests)
        return [Ask(f"/v1/work?limit=20{more}", tokens[agency]) for agency, more in wanted]

    return compare("worklist", options.copies, asks)


if __name__ == "__main__":
    sys.exit(main())
