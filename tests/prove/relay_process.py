"""Owns the relay as a process to be killed: forked from one that has everything imported, so that it starts at once."""

import multiprocessing
import os
import signal
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess

from services.referrals.main import run_relay

_FORKS = multiprocessing.get_context("forkserver")


def _relay(environ: Mapping[str, str]) -> None:
    os.setsid()
    run_relay(environ)


def started(environ: Mapping[str, str]) -> ForkServerProcess:
    """A relay with these settings."""
    _FORKS.set_forkserver_preload(["services.referrals.main"])
    process = _FORKS.Process(target=_relay, args=(dict(environ),))
    process.start()
    return process


def killed(process: ForkServerProcess) -> bool:
    """Kill it without a word; False when it had ended by itself."""
    alive = process.is_alive()
    if alive and process.pid is not None:
        os.kill(process.pid, signal.SIGKILL)
    process.join()
    return alive
