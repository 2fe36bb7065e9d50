"""The command `timers`: what happens when nobody did anything in time."""


def run() -> None:
    """Let what has run out happen, in order, once; several may run; settings from the environment."""
    from deploy.closeknit.surroundings import environ
    from services.referrals.main import run_timers

    run_timers(environ())
