"""A process that has settled looks for cycles seldom, and never among what its start made."""

import gc

from services.runtime.garbage import YOUNG, settle


def test_what_is_there_is_frozen_and_the_young_are_left_alone_longer() -> None:
    before = gc.get_threshold()
    gc.unfreeze()
    try:
        settle()
        assert gc.get_freeze_count() > 0
        assert gc.get_threshold()[0] == YOUNG
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
