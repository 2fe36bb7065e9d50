"""Ids are drawn from the machine, and from another source in the context that brings it, and in no other."""

import asyncio

from services.runtime.chance import Chance, drawing_from, ordered_number, random_id

FIXED = Chance(random=lambda: 7, ordered=lambda: 9)


def test_ids_of_the_machine_are_unlike_and_of_their_versions() -> None:
    drawn = {random_id() for _ in range(100)}
    assert len(drawn) == 100
    assert {id.version for id in drawn} == {4}
    assert ordered_number() < ordered_number()
    assert ordered_number() >> 76 & 0xF == 7


def test_a_context_brings_its_own_source_and_takes_it_away() -> None:
    with drawing_from(FIXED):
        assert (random_id().int, ordered_number()) == (7, 9)
    assert random_id().int != 7


def test_a_task_draws_as_the_context_that_began_it() -> None:
    async def draw() -> int:
        return random_id().int

    async def two() -> tuple[int, int]:
        outside = asyncio.create_task(draw())
        with drawing_from(FIXED):
            inside = asyncio.create_task(draw())
        return await inside, await outside

    inside, outside = asyncio.run(two())
    assert inside == 7
    assert outside != 7
