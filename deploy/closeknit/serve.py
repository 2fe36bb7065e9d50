"""The commands `serve gateway|referrals|measures`: one HTTP process each, settings from the environment."""

import typer

from deploy.closeknit import settled

app = typer.Typer(help="Run one HTTP process; settings from the environment (CLOSEKNIT_…).", no_args_is_help=True)


@app.command(cls=settled.by("serve gateway"))
def gateway() -> None:
    """Serve pages and the public API: the only process on the public network."""
    from deploy.closeknit.surroundings import environ
    from services.gateway.main import run_serve

    run_serve(environ())


@app.command(cls=settled.by("serve referrals"))
def referrals() -> None:
    """Serve referrals, handoffs, support contacts, consents and the vault behind the gateway."""
    from deploy.closeknit.surroundings import environ
    from services.referrals.main import run_serve

    run_serve(environ())


@app.command(cls=settled.by("serve measures"))
def measures() -> None:
    """Serve measures and releases behind the gateway."""
    from deploy.closeknit.surroundings import environ
    from services.measures.main import run_serve

    run_serve(environ())
