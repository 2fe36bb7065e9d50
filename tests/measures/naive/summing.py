"""Verdicts of a naive measure summed up to what a figure says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from tests.measures.naive.reading import EXCLUDED, MET, MISSING, PENDING, UNMET, Events, Verdict, is_out

Numbers = dict[str, Any]


def within(verdicts: Iterable[Verdict], events: Events, since: datetime, until: datetime, rule: str) -> list[Verdict]:
    """Those of a period, all of a client excluded who is not counted (R7)."""
    found = [verdict for verdict in verdicts if since <= verdict.at < until]
    return [replace(each, word=EXCLUDED) if is_out(events, each.client, rule) else each for each in found]


def numbers(verdicts: list[Verdict], *, clients: bool = False) -> Numbers:
    """Numerator, denominator and what was not counted."""
    words = [verdict.word for verdict in verdicts]
    return {
        "numerator": len({each.client for each in verdicts if each.word == MET}) if clients else words.count(MET),
        "denominator": None if clients else words.count(MET) + words.count(UNMET),
        "missing": words.count(MISSING),
        "pending": words.count(PENDING),
        "excluded": words.count(EXCLUDED),
    }


def one_each(verdicts: list[Verdict]) -> list[Verdict]:
    """One verdict a client: met if any is, else not met, not known, too recent, left out, whichever comes first."""
    kept = []
    for client in {each.client for each in verdicts}:
        hers = [each for each in verdicts if each.client == client]
        for word in (MET, UNMET, MISSING, PENDING, EXCLUDED):
            if any(each.word == word for each in hers):
                kept.append(next(each for each in hers if each.word == word))
                break
    return kept


def reached_by(verdicts: list[Verdict], days: float) -> float | None:
    """The share reached within so many days by Aalen and Johansen, day by day over everybody still open."""
    counted = [each for each in verdicts if each.word in (MET, UNMET)]
    if not counted:
        return None
    share, free = 0.0, 1.0
    for time in sorted({each.value for each in counted}):
        if time > days:
            break
        open_still = sum(each.value >= time for each in counted)
        ended = [each.end for each in counted if each.value == time]
        share += free * ended.count("reached") / open_still
        free *= 1 - (ended.count("reached") + ended.count("otherwise")) / open_still
    return share


def middle(values: list[float], share: float) -> float | None:
    """The value that a share of all do not exceed."""
    for value in sorted(values):
        if sum(each <= value for each in values) >= share * len(values) - 1e-9:
            return value
    return None
