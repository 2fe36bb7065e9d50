"""The command `relay`: event store to Kafka."""


def run() -> None:
    """Publish stored events to Kafka in order; one relay leads, others wait; settings from the environment."""
    from deploy.closeknit.surroundings import environ
    from services.referrals.main import run_relay

    run_relay(environ())
