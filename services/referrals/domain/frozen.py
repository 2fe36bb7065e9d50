"""Owns how a value of this service is declared: frozen for whoever has it, and made by C code."""

from collections.abc import Callable, Iterable
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any, Final, TypeVar, cast, dataclass_transform, overload

import msgspec

T = TypeVar("T")

_PLAIN: Final = frozenset({"__dict__", "__weakref__"})


@overload
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T], /) -> type[T]: ...
@overload
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(*, kw_only: bool = False) -> Callable[[type[T]], type[T]]: ...
def frozen(cls: type[T] | None = None, /, *, kw_only: bool = False) -> type[T] | Callable[[type[T]], type[T]]:
    """A dataclass to whoever asks (`replace`, `fields`), a struct of msgspec underneath: nothing sets its fields anew.

    A command makes some sixty values. dataclasses' own `frozen` sets each field by a call, which took a tenth of a
    command's processor time, and their plain `__init__` a twentieth more than this. No cycle leads through a value, as
    nothing can be put into it once it is made: the search for cycles passes them by, of which memory holds many.
    Raises TypeError for a field that is left out of comparisons or of `__init__`, and for more fields on top of another
    value's.
    """

    def made(one: type[T]) -> type[T]:
        if issubclass(one, msgspec.Struct):
            if one.__dict__.get("__annotations__"):
                raise TypeError(f"{one.__name__} says more than the value that it is made of")
            return one
        declared: Any = dataclass(init=False, repr=False, eq=False, match_args=False)(one)
        named = fields(declared)
        kept = {name: each for name, each in vars(one).items() if name not in _PLAIN | {each.name for each in named}}
        if not all(each.repr for each in named):
            kept.setdefault("__repr__", _showing([each.name for each in named if each.repr]))
        bases = tuple(base for base in one.__bases__ if base is not object)
        parts = [(each.name, each.type, _default(each)) for each in named]
        struct = msgspec.defstruct(
            one.__name__, parts, bases=(msgspec.Struct, *bases), namespace=kept, frozen=True, kw_only=kw_only, gc=False
        )
        return cast(type[T], struct)

    return made if cls is None else made(cls)


def _default(of: Field[Any]) -> Any:
    if not (of.init and of.compare and of.hash is None):
        raise TypeError(f"{of.name}: every field of a value is given, and tells it from others")
    if of.default_factory is not MISSING:
        return msgspec.field(default_factory=of.default_factory)
    return msgspec.NODEFAULT if of.default is MISSING else of.default


def _showing(names: Iterable[str]) -> Callable[[object], str]:
    """How a value is printed of which not every field may be."""

    def shown(value: object) -> str:
        said = ", ".join([f"{name}={getattr(value, name)!r}" for name in names])
        return f"{type(value).__qualname__}({said})"

    return shown
