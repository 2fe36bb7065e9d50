"""How clients were met, from its words."""

from __future__ import annotations

from tests.measures.naive.lives.reading import Asked, Her, Unit


def units(her: Her, asked: Asked) -> list[Unit]:
    return [(contact.at, "met", None) for contact in her.met()]
