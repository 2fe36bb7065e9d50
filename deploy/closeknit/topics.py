"""The command `topics`: Kafka's topics as the contracts declare them, and who may do what with them."""

from typing import Annotated

import typer


def run(
    *, check: Annotated[bool, typer.Option("--check", help="Only print the differences; 1 if any.")] = False
) -> None:
    """Create the topics that are not there yet (CLOSEKNIT_KAFKA says where).

    Where CLOSEKNIT_KAFKA_USER names a user, the brokers are also told who may do what (contracts/acls.yaml).
    """
    from deploy import topics
    from deploy.closeknit.surroundings import environ

    settings = environ()
    if not settings.get("CLOSEKNIT_KAFKA"):
        raise typer.BadParameter("CLOSEKNIT_KAFKA is not set and no system runs here")
    if not check:
        for sentence in topics.create(settings):
            typer.echo(sentence)
    if differences := topics.differences(settings):
        for sentence in differences:
            typer.echo(sentence, err=True)
        raise typer.Exit(1)
    typer.echo("Kafka has the topics that the contracts declare")
