"""The timeline: one client's, another's each time, as the agency reads it that registered her."""

from pathlib import Path
from random import Random

from services.referrals.vault.keys import root_key
from services.referrals.vault.pairwise import PairwiseIds
from services.runtime.clock import SystemClock
from tests.bench.asking import Ask
from tests.bench.multitude import Multitude


def asks(county: Multitude, count: int) -> list[Ask]:
    """So many, of clients chosen by chance."""
    pairwise = PairwiseIds(root_key(Path(county.stage.settings["CLOSEKNIT_KEYS"])), SystemClock())
    tokens = {agency: county.stage.token(agency) for agency in sorted(set(county.model.values()))}
    return [
        Ask(f"/v1/clients/{pairwise.out(agency, 'client', client)}/timeline", tokens[agency])
        for client, agency in Random(7).choices(sorted(county.clients.items()), k=count)
    ]
