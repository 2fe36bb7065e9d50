"""The timeline: one client's, another each time, at 10,000 and at 1,000,000 events of 100,000 clients."""

import argparse
import sys
from pathlib import Path
from random import Random

from services.referrals.vault.keys import root_key
from services.referrals.vault.pairwise import PairwiseIds
from tests.bench.multitude import Multitude
from tests.bench.readings import Ask, compare


def main() -> int:
    """Print the last line; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, default=99, help="of a thousand clients each")
    parser.add_argument("--requests", type=int, default=1_000)
    options = parser.parse_args()

    def asks(county: Multitude) -> list[Ask]:
        pairwise = PairwiseIds(root_key(Path(county.stage.settings["CLOSEKNIT_KEYS"])))
        agencies = sorted(set(county.model.values()))
        tokens = {agency: county.stage.token(agency) for agency in agencies}
        chosen = Random(7).choices(sorted(county.clients.items()), k=options.requests)
        return [
            Ask(f"/v1/clients/{pairwise.out(agency, 'client', client)}/timeline", tokens[agency])
            for client, agency in chosen
        ]

    return compare("timeline", options.copies, asks)


if __name__ == "__main__":
    sys.exit(main())
