"""What may be said of a distribution beside its bands: a mean that follows from them, and a middle amid many (R24).

A mean of so many units tells what their numbers come to. Less the bands, that can leave one exact count of few who lie
far out; and sums add up over the rows of a table. So none is shown but one that tells nothing beyond the bands: where
each band with somebody in it is one number. A middle (median, ninth decile) tells how many are on either side of it:
beside bands that are shown, how many of its own band are. None is shown in a band that was put together.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from services.measures.domain.behind import SMALL
from services.measures.domain.measure import Definition
from services.measures.domain.pieces import rounded
from services.measures.domain.summary import band_names, rank

_MIDDLES: Final = {"median": 0.5, "p90": 0.9}


def derived(spread: Mapping[str, Any], definition: Definition) -> dict[str, Any]:
    """The spread of a row with None for what is not shown; of what is shown already it is the same again."""
    bands: Mapping[str, int] = {name: spread["bands"][name] for name in sorted(spread["bands"], key=_least_of)}
    middles = {
        name: spread[name] if _is_amid_many(bands, share, definition) else None for name, share in _MIDDLES.items()
    }
    return {"mean": rounded(_mean(bands, definition)), **middles, "bands": dict(spread["bands"])}


def _mean(bands: Mapping[str, int], definition: Definition) -> float | None:
    """As it follows from bands of one number each; None where it does not, or nobody is in them."""
    units = [(_number(name, definition), count) for name, count in bands.items() if count]
    known = [(number, count) for number, count in units if number is not None]
    if not units or len(known) < len(units):
        return None
    return math.fsum(number * count for number, count in known) / sum(bands.values())


def _is_amid_many(bands: Mapping[str, int], share: float, definition: Definition) -> bool:
    """Whether a middle lies in a band of one number, or of the definition's own with many up to it and beyond it."""
    if not (counted := sum(bands.values())):
        return False
    at = rank(counted, share)
    for name, count in bands.items():
        if at <= count:
            many = at > SMALL and count - at > SMALL
            return _number(name, definition) is not None or (many and name in band_names(definition.bands))
        at -= count
    return False


def _number(name: str, definition: Definition) -> float | None:
    """The one number that is in a band; None where there are several, or parts of days."""
    if definition.least is None:
        return None
    return definition.least if name == f"up to {definition.least:g}" else float(name) if name.isdecimal() else None


def _least_of(name: str) -> float:
    """By which bands are in their order, however they were stored; the one that is open downwards is the first."""
    return float(name.rstrip("+").partition("-")[0]) if name[:1].isdecimal() else -math.inf
