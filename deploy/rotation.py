"""Owns the rotation of the log key: topics built beside the old ones, measures switched over, the old ones deleted, or
the new ones given up."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from contracts.topic import of_clients, under
from deploy import topics
from services.measures import main as measures
from services.measures.projection.rebuild import Onto
from services.referrals.main import copy_log
from services.referrals.relay import LogKeys, RotationProblem
from services.referrals.settings import RelaySettings

RELAYED_SECONDS = 30.0
_LOOK_SECONDS = 0.05

Told = Callable[[str], None]


@dataclass(frozen=True)
class Rotated:
    """Under which key clients are named now, and how many facts say the same as before."""

    key: int
    facts: int


@dataclass(frozen=True)
class GivenUp:
    """Under which key clients go on being named, and which topics are gone."""

    key: int
    topics: list[str]


def rotate(environ: Mapping[str, str], told: Told, progress: Callable[[int, int], None]) -> Rotated:
    """Name clients on the log under the next key; each step is done once, however often this is begun and killed.

    The store is copied to the topics of that key, then the relay writes both; measures build their tables from the new
    topics and take over when they say the same as the old ones. Readers see the old tables until then. The old topics
    stay until `retire`. Raises RotationProblem, RebuildProblem, KafkaProblem, and what a relay raises.
    """
    settings = RelaySettings.from_env(environ)
    with LogKeys.alone(settings.referrals_dsn) as keys:
        read = measures.log_key(environ)
        if len(keys.open()) > 1 and read == keys.open()[-1]:
            raise RotationProblem(
                f"The topics of key {keys.open()[0]} are there still: `closeknit keys retire log` first."
            )
        key, builds = keys.next()
        topics.create(environ)
        if builds:
            told(f"copying the event store to the topics of log key {key}")
            copy_log(settings, key)
            keys.built(key)
        told(f"building the measures' tables from the topics of log key {key}")
        wanted = [under(name, key) for name in of_clients()]
        there = [each.name for each in topics.wanted(environ) if each.name in wanted]
        onto = Onto(key, lambda position: _await(keys, there, position))
        done = measures.rebuild(progress, onto=onto, environ=environ)
        return Rotated(key, int(done["facts"]))


def give_up(environ: Mapping[str, str]) -> GivenUp:
    """Take back a rotation that measures have not gone over to: its key, topics, rules of access, and tables.

    Killed at any point it goes on when it is asked again. Raises RotationProblem where there is nothing to take back or
    it is too late, RebuildProblem while tables are being built, KafkaProblem.
    """
    settings = RelaySettings.from_env(environ)
    with LogKeys.alone(settings.referrals_dsn) as keys:
        if not keys.given_up():
            keys.give_up(_unread(keys, measures.log_key(environ)))
        left = keys.given_up()
        gone = [name for key in left for name in topics.retire(environ, key)]
        topics.create(environ)  # and nobody may read or write them
        measures.forget_unfinished(environ)
        for key in left:
            keys.close(key)
        return GivenUp(keys.used()[-1], gone)


def retire(environ: Mapping[str, str]) -> list[str]:
    """Delete what names clients under the key before: its topics, and the tables that were read from them.

    Gives the topics' names. Raises RotationProblem while measures read them or nothing is beside them.
    """
    settings = RelaySettings.from_env(environ)
    with LogKeys.alone(settings.referrals_dsn) as keys:
        newest = keys.used()[-1]
        if measures.log_key(environ) != newest:
            raise RotationProblem("Measures read the old topics still: `closeknit keys rotate log` first.")
        for key in keys.open():
            if key != newest:
                keys.close(key)
        measures.forget_before(environ)
        gone = [name for key in range(1, newest) for name in topics.retire(environ, key)]
        topics.create(environ)  # and nobody may read or write them, should they come again
        return gone


def _unread(keys: LogKeys, read: int) -> int:
    """The key that a rotation began and that measures do not read, who read another. Raises RotationProblem."""
    newest = keys.used()[-1]
    if newest != read:
        return newest
    if len(keys.open()) > 1:
        raise RotationProblem(
            f"Measures have gone over to log key {newest}, it cannot be given up any more: `closeknit keys retire log`"
            " ends the rotation."
        )
    raise RotationProblem("The log key is not being rotated: there is nothing to give up.")


def _await(keys: LogKeys, names: list[str], position: int) -> None:
    deadline, pause = time.monotonic() + RELAYED_SECONDS, threading.Event()
    while keys.relayed(names) < position:
        if time.monotonic() > deadline:
            raise RotationProblem("The relay does not write the new topics: is it running? Begin again when it is.")
        pause.wait(_LOOK_SECONDS)
