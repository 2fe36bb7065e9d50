"""A process that has settled looks for cycles seldom, and never among what its start made."""

import gc

import pytest

from services.runtime.garbage import YOUNG, collecting_later, settle


def test_what_is_there_is_frozen_and_the_young_are_left_alone_longer() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count() > 0
    gc.unfreeze()
    try:
        settle()
        assert gc.get_freeze_count() > 0
        assert gc.get_threshold()[0] == YOUNG
    finally:
        gc.set_threshold(*before)
        if not frozen:
            gc.unfreeze()


@pytest.mark.parametrize("was_on", [True, False])
def test_collecting_waits_and_is_as_before_afterwards_whatever_happened(was_on: bool) -> None:
    def fails(collecting: list[bool]) -> None:
        with collecting_later():
            collecting.append(gc.isenabled())
            raise KeyError

    before, within = gc.isenabled(), list[bool]()
    try:
        gc.enable() if was_on else gc.disable()
        with pytest.raises(KeyError):
            fails(within)
        assert (within, gc.isenabled()) == ([False], was_on)
    finally:
        gc.enable() if before else gc.disable()
