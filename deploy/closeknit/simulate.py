"""The command `simulate`: a made-up county, as months of history or as a trickle through the public API."""

from datetime import datetime
from typing import Annotated

import typer


def run(
    *,
    initiative: Annotated[list[str], typer.Option(help="The initiative's slug; may be given more than once.")],
    clients: Annotated[int, typer.Option(min=1, help="How many clients of each initiative.")] = 1_500,
    months: Annotated[int, typer.Option(min=1, max=120, help="How many months of history.")] = 24,
    seed: Annotated[int, typer.Option(help="The same seed and day give the same events.")] = 1,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The local day before which it ends; default today.")
    ] = None,
    live: Annotated[bool, typer.Option("--live", help="Through the public API, now, until Ctrl-C.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print facts for a program.")] = False,
) -> None:
    """Simulate clients whose journeys go through the same rules as real ones; it does not exist in production."""
    import asyncio
    import functools
    import json

    from deploy.closeknit.surroundings import environ
    from deploy.closeknit.voice import voice
    from deploy.simulator.seed import Size
    from deploy.simulator.seed import seed as load
    from services.referrals.directory import NotInDirectory

    settings, day = environ(), until.date() if until else None
    try:
        with voice() as told:
            if live:
                from deploy.simulator.live import trickle

                asyncio.run(trickle(initiative, clients, number=seed, environ=settings, told=told.say))
                return
            counted = functools.partial(told.count, "clients")
            many = Size(clients, months)
            loaded = load(initiative, many, number=seed, environ=settings, until=day, told=counted, hashing=as_json)
            tally = asyncio.run(loaded)
    except NotInDirectory:
        raise typer.BadParameter("there is no such initiative", param_hint="--initiative") from None
    facts = {"clients": tally.clients, "events": tally.events, "digest": tally.digest()}
    typer.echo(json.dumps(facts) if as_json else f"{tally.events} events of {tally.clients} clients")
