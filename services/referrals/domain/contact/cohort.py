"""A cohort: clients with similar due dates who come to group sessions together (group prenatal care)."""

from datetime import date, timedelta
from uuid import NAMESPACE_URL, UUID

from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import Unfit
from services.referrals.domain.uuids import derived

LONGEST_WINDOW = timedelta(days=92)
"""Peers whose due dates lie within three months: groups of eight to twelve are formed within one or two."""


@frozen
class Cohort:
    """The clients of an agency whose due dates lie in a window of local dates, both days included."""

    due_from: date
    due_until: date

    def id(self, initiative: str, agency: str) -> UUID:
        """The same for the same agency and window, whichever session it is."""
        return derived(NAMESPACE_URL, f"closeknit:cohort|{initiative}|{agency}|{self.due_from}|{self.due_until}")

    def require(self) -> None:
        """Raises Unfit for a window that ends before it begins, or is too wide for one group."""
        if self.due_until < self.due_from:
            raise Unfit("cohort-ends-before-it-begins")
        if self.due_until - self.due_from > LONGEST_WINDOW:
            raise Unfit("cohort-too-wide")

    def holds(self, due: date | None) -> bool:
        """Whether she belongs into it; somebody whose due date is not known may."""
        return due is None or self.due_from <= due <= self.due_until
