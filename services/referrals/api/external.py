"""A referral in four other vocabularies, as it is answered: null where one of them has no word."""

from datetime import date

from services.referrals.api.naming import Naming
from services.referrals.api.shapes import Answer
from services.referrals.application.about import About
from services.referrals.application.referral import ReferralSeen
from services.referrals.domain import standards
from services.referrals.domain.standards import Business, DhcsReason, DhcsStatus, Hmis, SdohccTask, Task


class BserShown(Answer):
    """HL7 BSeR (STU2 ballot): Task.status and business status."""

    status: Task | None
    business_status: Business | None


class SdohccShown(Answer):
    """HL7 SDOH Clinical Care (STU3): Task.status."""

    status: SdohccTask


class DhcsShown(Answer):
    """California DHCS closed-loop referrals. The two lists are unverified: known at second hand alone."""

    status: DhcsStatus | None
    date: date | None
    closure_reason: DhcsReason | None


class External(Answer):
    """Where it stands in the words of others; HMIS 4.20 has words for housing alone."""

    bser: BserShown
    sdohcc: SdohccShown
    hmis_4_20: Hmis | None
    dhcs_clr: DhcsShown


def external_shown(naming: Naming, seen: ReferralSeen, beside: About) -> External:
    """The state of a referral and its visits, translated by one table each."""
    visits = [visit.state for visit in beside.visits]
    bser, dhcs = standards.bser(seen.state, visits), standards.dhcs(seen.state, visits)
    initiative, directory = naming.acting.initiative, naming.desk.directory
    return External(
        bser=BserShown(status=bser.status, business_status=bser.business_status),
        sdohcc=SdohccShown(status=standards.sdohcc(seen.state, visits)),
        hmis_4_20=standards.hmis(seen.state),
        dhcs_clr=DhcsShown(
            status=dhcs.status,
            date=directory.local_date(initiative, dhcs.since) if dhcs.since else None,
            closure_reason=dhcs.closure_reason,
        ),
    )
