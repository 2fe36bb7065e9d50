"""Owns how a process looks for cycles: never again at what its start made, seldom at what is young, or later."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

YOUNG: Final = 20_000  # events made in pages go by themselves; the default of 700 walks each page again and again


def settle() -> None:
    """Called once, when everything is there that stays until the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)


@contextmanager
def collecting_later() -> Iterator[None]:
    """Nothing is looked for within, where very many objects live or come and go and none is a cycle; then once."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
            gc.collect()
