"""How a value is declared: nobody sets a field of it, it is told by its fields, and it shows what it may show."""

import gc
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace

import pytest

from services.referrals.domain.frozen import frozen


@frozen
class Pair:
    """A value."""

    left: int
    right: tuple[int, ...] = ()
    more: dict[str, int] = field(default_factory=dict)
    hidden: str = field(default="canary", repr=False)

    def total(self) -> int:
        return self.left + sum(self.right)


@frozen(kw_only=True)
class Named:
    """A value whose fields are said by name."""

    of: int = 0
    to: int


@frozen(kw_only=True)
class Renamed(Named):
    """The same under another name."""


def test_nobody_sets_a_field() -> None:
    pair = Pair(1, (2,))
    for name in ("left", "other"):
        with pytest.raises(AttributeError):
            setattr(pair, name, 2)
    assert (pair.left, pair.total()) == (1, 3)


def test_a_value_is_told_by_its_class_and_all_its_fields() -> None:
    assert Named(to=1) == Named(of=0, to=1)
    assert len({Named(to=1), Named(to=1), Named(to=2), Renamed(to=1)}) == 3
    assert Pair(1, hidden="a") != Pair(1, hidden="b")


def test_another_is_made_of_it_and_shares_nothing() -> None:
    pair = Pair(1)
    assert replace(pair, right=(3,)) == Pair(1, (3,))
    assert asdict(pair) == {"left": 1, "right": (), "more": {}, "hidden": "canary"}
    assert pair.more is not Pair(1).more


def test_the_search_for_cycles_passes_values_by() -> None:
    @dataclass(frozen=True)
    class Plain:
        right: list[int]

    assert not gc.is_tracked(Pair(1, (2,), {"three": 3}))
    assert gc.is_tracked(Plain([2]))


def test_it_matches_by_its_fields() -> None:
    match Pair(1, (2,)):
        case Pair(left, right=(second,)):
            assert (left, second) == (1, 2)


def test_what_is_hidden_is_not_shown() -> None:
    assert repr(Pair(1)) == str(Pair(1)) == "Pair(left=1, right=(), more={})"
    assert repr(Named(to=1)) == "Named(of=0, to=1)"


@pytest.mark.parametrize("make", [lambda: Named(0, 1), lambda: Named(of=0), lambda: Pair(1, other=2)])  # type: ignore[call-arg]
def test_what_does_not_fit_is_refused(make: Callable[[], object]) -> None:
    with pytest.raises(TypeError):
        make()


def test_a_field_that_would_not_count_is_refused() -> None:
    class Beside:
        left: int = field(default=0, compare=False)

    class More(Named):
        third: int = 0

    for one in (Beside, More):
        with pytest.raises(TypeError):
            frozen(one)
