"""Owns how a value of this service is declared: frozen for whoever writes code, and as quick to make as a plain one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform, overload

T = TypeVar("T")


@overload
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T], /) -> type[T]: ...
@overload
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(*, kw_only: bool = False) -> Callable[[type[T]], type[T]]: ...
def frozen(cls: type[T] | None = None, /, *, kw_only: bool = False) -> type[T] | Callable[[type[T]], type[T]]:
    """A dataclass with slots that nobody may change: the type checker sees to it (PEP 681), not each assignment.

    A command makes some sixty values; dataclasses' own `frozen` sets each field by a call, which took a tenth of a
    command's processor time.
    """

    def made(one: type[T]) -> type[T]:
        return dataclass(slots=True, unsafe_hash=True, kw_only=kw_only)(one)

    return made if cls is None else made(cls)
