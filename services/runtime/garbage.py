"""Owns how a process that lives long looks for cycles: never again at what its start made, seldom at what is young."""

import gc
from typing import Final

YOUNG: Final = 20_000  # events made in pages go by themselves; the default of 700 walks each page again and again


def settle() -> None:
    """Called once, when everything is there that stays until the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)
