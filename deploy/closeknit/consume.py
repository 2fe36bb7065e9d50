"""The command `consume`: Kafka to journeys."""


def run() -> None:
    """Read Kafka into the measures' journeys, offsets in the same transaction; settings from the environment."""
    from deploy.closeknit.surroundings import environ
    from services.measures.main import run_consume

    run_consume(environ())
