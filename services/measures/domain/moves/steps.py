"""The one way in which a moment of a path becomes known: the earlier of two stands."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from services.measures.domain.path import Ending, HandoffPath, Moment, ReferralPath

Path = TypeVar("Path", ReferralPath, HandoffPath)


def step(paths: dict[UUID, Path], id: UUID, new: Path, **moments: Moment | Ending) -> bool:
    """Takes each of these moments where none is known yet or only a later one is; says whether one was taken."""
    path = paths.get(id, new)
    changed: dict[str, Any] = {
        name: moment for name, moment in moments.items() if (was := getattr(path, name)) is None or moment < was
    }
    if changed:
        paths[id] = path._replace(**changed)
    return bool(changed)
