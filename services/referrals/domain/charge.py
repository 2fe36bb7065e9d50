"""Who of an agency looks after something that it took on: whoever took it on, until it is handed on (R22)."""

from typing import ClassVar, TypeAlias

from services.referrals.domain.fact import Fact, Person
from services.referrals.domain.vocabulary import ResponsibilityDomain


class ChargeHandedOn(Fact):
    """`person` of the agency looks after it from now on: whoever did so before has left, or is away.

    It stands in the stream of the referral or handoff that was accepted, of the contact that was promised, or of the
    pregnancy in which the agency leads `domain`. Stored and never published: no fold of the domain sees it, for who
    works on it inside an agency changes nothing of where it stands, and the other side is not told.
    """

    TYPE: ClassVar[str] = "charge.handed_on.v1"
    person: Person
    domain: ResponsibilityDomain | None = None


ChargeFact: TypeAlias = ChargeHandedOn
