"""For whom not: how far groups lie from a fixed reference group, on any measure with a rate (domain.md C3, G27).

The reference is chosen by the working group and stands for a definition's version: it is never whoever does best. Where
groups overlap (alone or in combination), everyone is counted apart and not by adding them up.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import NamedTuple

from services.measures.domain.counted import Absent, Bounded, Counted, Value, minus, over
from services.measures.domain.interval import Estimate, Z


@dataclass(frozen=True, slots=True)
class Compared:
    """One group against the reference.

    `difference` is RD = r - r_ref, `ratio` RR = r / r_ref: always said together, since a ratio can worsen while both
    rates improve. `excess` is how many units of the group would not be counted at the reference's rate.
    """

    group: str
    rate: Estimate | Absent
    difference: Bounded | Absent
    ratio: Bounded | Absent
    excess: Value


@dataclass(frozen=True, slots=True)
class Summary:
    """What holds of all groups together; one hidden group hides all of it, which would give it away.

    `mean_ratio` is SRR, the mean of the other groups' rates over the reference's; `difference` MRD and `ratio` MRR,
    between the highest and the lowest rate; `attributable` PAR, of everyone's rate (0.3 is 30 %).
    """

    mean_ratio: Value
    difference: Value
    ratio: Value
    attributable: Value


@dataclass(frozen=True, slots=True)
class Overlay:
    """A measure's disparities: each other group against the reference, the widest gap first, and all together."""

    reference: str
    reference_rate: Estimate | Absent
    groups: tuple[Compared, ...]
    summary: Summary


class UnknownReference(Exception):
    """The reference group is none of the groups."""


class _Measured(NamedTuple):
    counted: Counted
    rate: Estimate


def overlay(groups: Mapping[str, Counted | None], reference: str, everyone: Counted | None) -> Overlay:
    """Compares all groups with the reference; None is a hidden cell. Raises UnknownReference."""
    if reference not in groups:
        raise UnknownReference(reference)
    measured = {group: _measured(counted) for group, counted in groups.items()}
    base, values = measured[reference], {group: _value(each) for group, each in measured.items()}
    compared = [_compare(group, each, base) for group, each in measured.items() if group != reference]
    return Overlay(
        reference,
        base if isinstance(base, Absent) else base.rate,
        tuple(sorted(compared, key=_widest_first)),
        _summary(values, reference, value_of(everyone)),
    )


def gap_closure(before: Value, now: Value) -> Value:
    """How much of a difference (RD) has closed since: 1 is all of it, less than 0 is wider than it was."""
    part = over(now, before)
    return part if isinstance(part, Absent) else 1 - part


def moved(before: Bounded | Absent, now: Bounded | Absent) -> Bounded | Absent:
    """How far a difference (RD) has moved since, where nobody is in both, with the interval of Newcombe too."""
    if isinstance(before, Absent) or isinstance(now, Absent):
        return before if isinstance(before, Absent) else now
    value = now.value - before.value
    if before.low is None or before.high is None or now.low is None or now.high is None:
        return Bounded(value, None, None)
    below = math.hypot(now.value - now.low, before.high - before.value)
    above = math.hypot(now.high - now.value, before.value - before.low)
    return Bounded(value, value - below, value + above)


def value_of(counted: Counted | None) -> Value:
    """The rate of one group; None is a hidden cell."""
    return _value(_measured(counted))


def _measured(counted: Counted | None) -> _Measured | Absent:
    if counted is None:
        return Absent.TOO_FEW
    rate = counted.estimate
    return Absent.NO_ONE if rate is None else _Measured(counted, rate)


def _value(measured: _Measured | Absent) -> Value:
    return measured if isinstance(measured, Absent) else measured.rate.value


def _compare(group: str, measured: _Measured | Absent, base: _Measured | Absent) -> Compared:
    if isinstance(measured, Absent):
        return Compared(group, measured, measured, measured, measured)
    if isinstance(base, Absent):
        return Compared(group, measured.rate, base, base, base)
    difference = _difference(measured.rate, base.rate)
    excess = measured.counted.size * difference.value
    return Compared(group, measured.rate, difference, _ratio(measured, base), excess)


def _difference(rate: Estimate, base: Estimate) -> Bounded:
    """With the interval of Newcombe (1998, method 10), which squares and adds what the two intervals leave open."""
    value = rate.value - base.value
    below = math.hypot(rate.value - rate.low, base.high - base.value)
    above = math.hypot(rate.high - rate.value, base.value - base.low)
    return Bounded(value, value - below, value + above)


def _ratio(measured: _Measured, base: _Measured) -> Bounded | Absent:
    """With the interval of its logarithm (Katz and others 1978); none around a ratio of 0."""
    value = over(measured.rate.value, base.rate.value)
    if isinstance(value, Absent):
        return value
    variance, of_base = measured.counted.log_variance, base.counted.log_variance
    if variance is None or of_base is None:
        return Bounded(value, None, None)
    factor = math.exp(Z * math.sqrt(variance + of_base))
    return Bounded(value, value / factor, value * factor)


def _summary(values: Mapping[str, Value], reference: str, everyone: Value) -> Summary:
    if Absent.TOO_FEW in values.values():
        return Summary(*[Absent.TOO_FEW] * 4)
    base = values[reference]
    known = {group: value for group, value in values.items() if not isinstance(value, Absent)}
    others = [value for group, value in known.items() if group != reference]
    if not others:
        return Summary(*[Absent.NO_ONE] * 4)
    highest, lowest = max(known.values()), min(known.values())
    return Summary(
        mean_ratio=over(fmean(others), base),
        difference=highest - lowest,
        ratio=over(highest, lowest),
        attributable=over(minus(everyone, base), everyone),
    )


def _widest_first(compared: Compared) -> tuple[bool, float]:
    """Groups without a gap that can be said stand last, in the order that they came in."""
    gap = compared.difference
    return (True, 0.0) if isinstance(gap, Absent) else (False, -abs(gap.value))
