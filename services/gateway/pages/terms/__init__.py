"""What coded values are called on a page, in the words of people who do the work."""

from services.gateway.pages.terms.appointment import VISIT_STATES, WISHES
from services.gateway.pages.terms.check import CHECK_RULES, CHECK_SHAPES, CHECK_STATES
from services.gateway.pages.terms.consent import (
    AUTHORITIES,
    CONSENT_SHAPES,
    CONSENT_STATES,
    FIELDS,
    FIELDS_TO_HER,
    FORMS,
    HOWS,
    INFORMATION_KINDS,
    MEASUREMENTS,
)
from services.gateway.pages.terms.contact import CONTACT_MODES, CONTACT_OUTCOMES
from services.gateway.pages.terms.demographics import GROUPS, PAYERS, RACES, SAID_BY
from services.gateway.pages.terms.directory import AGENCY_TYPES, SERVICE_STATUSES, STANDING_SHAPES, STANDINGS
from services.gateway.pages.terms.event import EVENTS, TIMERS
from services.gateway.pages.terms.feedback import DEGREES
from services.gateway.pages.terms.handoff import BASES, DOMAINS, HANDOFF_KINDS, HANDOFF_STATES
from services.gateway.pages.terms.measure import (
    ANY_PIECE,
    ANYBODY,
    GROUPINGS,
    PIECES,
    POPULATION,
    ROWS,
    SENTENCES,
    TITLES,
    UNNAMED_GROUPS,
    WHOM,
)
from services.gateway.pages.terms.need import CATEGORIES
from services.gateway.pages.terms.person import ROLES, STOP_CAUSES
from services.gateway.pages.terms.pregnancy import (
    DATING_BASES,
    ENDINGS,
    EPISODE_SHAPES,
    EPISODE_STATES,
    LEAD_SHAPES,
    LEAD_STATES,
    PROMISE_SHAPES,
    PROMISE_STATES,
)
from services.gateway.pages.terms.question import QUESTION_SHAPES, QUESTION_STATES
from services.gateway.pages.terms.reason import (
    CLOSE_GROUPS,
    CLOSE_GROUPS_UNCONTACTED,
    HANDOFF_REASONS,
    PASSING_REASONS,
    REASON_GROUPS,
    REASONS,
    SENDER_REASONS,
    WITHDRAWAL_REASONS,
)
from services.gateway.pages.terms.referral import ATTESTATIONS, OUTCOMES, STATES
from services.gateway.pages.terms.screening import (
    INSTRUMENTS,
    NEED_SHAPES,
    NEED_STATES,
    PRAPARE_SAFETY,
    RESOLUTIONS,
    RESULTS,
)
from services.gateway.pages.terms.state import ENDED, STATE_SHAPES, UNANSWERED

__all__ = [
    "ANYBODY",
    "ANY_PIECE",
    "PIECES",
    "GROUPINGS",
    "POPULATION",
    "ROWS",
    "SENTENCES",
    "TITLES",
    "UNNAMED_GROUPS",
    "WHOM",
    "LEAD_SHAPES",
    "LEAD_STATES",
    "PROMISE_SHAPES",
    "PROMISE_STATES",
    "STOP_CAUSES",
    "SAID_BY",
    "QUESTION_SHAPES",
    "QUESTION_STATES",
    "RACES",
    "PAYERS",
    "GROUPS",
    "EPISODE_STATES",
    "EPISODE_SHAPES",
    "ENDINGS",
    "DATING_BASES",
    "AGENCY_TYPES",
    "ATTESTATIONS",
    "AUTHORITIES",
    "SERVICE_STATUSES",
    "STANDINGS",
    "STANDING_SHAPES",
    "BASES",
    "CATEGORIES",
    "CHECK_RULES",
    "CHECK_SHAPES",
    "CHECK_STATES",
    "CLOSE_GROUPS",
    "CLOSE_GROUPS_UNCONTACTED",
    "CONSENT_SHAPES",
    "CONSENT_STATES",
    "CONTACT_MODES",
    "CONTACT_OUTCOMES",
    "DEGREES",
    "DOMAINS",
    "ENDED",
    "EVENTS",
    "TIMERS",
    "WITHDRAWAL_REASONS",
    "FIELDS",
    "FIELDS_TO_HER",
    "FORMS",
    "HANDOFF_KINDS",
    "HANDOFF_REASONS",
    "HANDOFF_STATES",
    "HOWS",
    "INFORMATION_KINDS",
    "INSTRUMENTS",
    "MEASUREMENTS",
    "NEED_SHAPES",
    "NEED_STATES",
    "OUTCOMES",
    "PRAPARE_SAFETY",
    "REASONS",
    "PASSING_REASONS",
    "REASON_GROUPS",
    "RESOLUTIONS",
    "RESULTS",
    "ROLES",
    "SENDER_REASONS",
    "STATES",
    "STATE_SHAPES",
    "UNANSWERED",
    "VISIT_STATES",
    "WISHES",
]
