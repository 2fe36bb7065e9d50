"""Owns whose safe-contact plans bind an agency: its own, and those of the agencies that gave it her phone or address.

What was said last binds, whoever wrote it down. A plan that is changed after her details were given binds their
receiver from then on, as long as she is theirs: until it ends, or she takes back her agreement (R1, R13).
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from services.referrals.domain.frozen import frozen
from services.referrals.domain.safe_contact import SafeContact, SafeContactPlanned
from services.referrals.domain.vocabulary import GivenField

REACHED_BY = frozenset({GivenField.PHONES, GivenField.ADDRESS})
"""Where one of these goes, how she may be contacted goes too."""


@frozen(kw_only=True)
class Giving:
    """Her details as they went from one agency to another; `reached`: with her phone or address.

    Without these the receiver learns that she may not be contacted, and nothing else. `until` (UTC) is when it ended or
    she took back her agreement: what is planned later does not follow. None while neither has happened.
    """

    sender: str
    receiver: str
    reached: bool
    until: datetime | None = None


class _Said(NamedTuple):
    at: datetime
    plan: SafeContactPlanned
    agency: str


def binding(agency: str, plans: Mapping[str, SafeContact], givings: Iterable[Giving]) -> SafeContact | None:
    """What binds an agency; `plans` are those of each agency about this one client, `givings` all that went of her."""
    return _last_said(_binding(agency, plans, tuple(givings), None, frozenset()))


def coming(
    giving: Giving, plans: Mapping[str, SafeContact], givings: Iterable[Giving], until: datetime | None = None
) -> SafeContact | None:
    """What comes with this one, as its receiver may know it; of what was said by then (UTC), where a time is named."""
    return _last_said(_coming(giving, plans, tuple(givings), until, frozenset()))


def _binding(
    agency: str,
    plans: Mapping[str, SafeContact],
    givings: tuple[Giving, ...],
    until: datetime | None,
    passed: frozenset[str],
) -> Iterator[_Said]:
    own = plans.get(agency)
    for at, plan in () if own is None else (*own.before, (own.at, own.plan)):
        if until is None or at <= until:
            yield _Said(at, plan, agency)
    for giving in givings:
        if giving.receiver == agency and giving.sender not in passed:
            yield from _coming(giving, plans, givings, until, passed | {agency})


def _coming(
    giving: Giving,
    plans: Mapping[str, SafeContact],
    givings: tuple[Giving, ...],
    until: datetime | None,
    passed: frozenset[str],
) -> Iterator[_Said]:
    ends = [each for each in (until, giving.until) if each is not None]
    said = sorted(_binding(giving.sender, plans, givings, min(ends, default=None), passed), key=lambda each: each.at)
    if giving.reached:
        yield from said
    elif said and said[-1].plan.prohibited:
        yield said[-1]._replace(plan=SafeContactPlanned(prohibited=True))


def _last_said(said: Iterable[_Said]) -> SafeContact | None:
    inorder = sorted(said, key=lambda each: each.at)
    if not inorder:
        return None
    last = inorder[-1]
    before = tuple((each.at, each.plan) for each in inorder[:-1])
    return SafeContact(plan=last.plan, at=last.at, agency=last.agency, before=before)
