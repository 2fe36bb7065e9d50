"""The code lists that services, schemas and the directory share: one spelling of each coded value, no free text."""

from enum import StrEnum
from typing import Annotated, TypeAlias

from pydantic import StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$")]
"""Id of an agency or service: at most 64 lower-case letters, digits and hyphens."""


class Category(StrEnum):
    """What a client needs. Gravity SDOH category codes (HL7 SDOH Clinical Care), then our perinatal extension."""

    FOOD_INSECURITY = "food-insecurity"
    HOUSING_INSTABILITY = "housing-instability"
    HOMELESSNESS = "homelessness"
    INADEQUATE_HOUSING = "inadequate-housing"
    TRANSPORTATION_INSECURITY = "transportation-insecurity"
    FINANCIAL_INSECURITY = "financial-insecurity"
    MATERIAL_HARDSHIP = "material-hardship"
    EDUCATIONAL_ATTAINMENT = "educational-attainment"
    EMPLOYMENT_STATUS = "employment-status"
    VETERAN_STATUS = "veteran-status"
    STRESS = "stress"
    SOCIAL_CONNECTION = "social-connection"
    INTIMATE_PARTNER_VIOLENCE = "intimate-partner-violence"
    ELDER_ABUSE = "elder-abuse"
    PERSONAL_HEALTH_LITERACY = "personal-health-literacy"
    HEALTH_INSURANCE = "health-insurance-coverage-status"
    MEDICAL_COST_BURDEN = "medical-cost-burden"
    DIGITAL_LITERACY = "digital-literacy"
    DIGITAL_ACCESS = "digital-access"
    UTILITY_INSECURITY = "utility-insecurity"
    INCARCERATION_STATUS = "incarceration-status"
    LANGUAGE_ACCESS = "language-access"
    PROTECTIVE_FACTOR = "protective-factor"
    UNSPECIFIED = "sdoh-category-unspecified"

    PRENATAL_CARE_NAVIGATION = "prenatal_care_navigation"
    GROUP_PRENATAL_CARE = "group_prenatal_care"
    DOULA = "doula"
    LACTATION = "lactation"
    HOME_VISITING = "home_visiting"
    BEHAVIORAL_HEALTH = "behavioral_health"
    SUBSTANCE_USE_TREATMENT = "substance_use_treatment"
    TOBACCO_CESSATION = "tobacco_cessation"
    WIC = "wic"
    INSURANCE_ENROLLMENT = "insurance_enrollment"
    CASH_SUPPORT = "cash_support"
    CHILDBIRTH_EDUCATION = "childbirth_education"
    FATHER_ENGAGEMENT = "father_engagement"
    SAFE_SLEEP = "safe_sleep"
    CONTRACEPTION = "contraception"


class Unmapped(StrEnum):
    """The tag of an imported activity that is no known service (R26): its text is in the vault alone."""

    UNMAPPED = "unmapped"


ServiceTag: TypeAlias = Category | Unmapped
"""What a support contact was about."""


class RestrictedClass(StrEnum):
    """Facts that never reach `care.events.v1` (R6)."""

    BEHAVIORAL = "behavioral"
    PART_2 = "part2"
    IPV = "ipv"
    REPRODUCTIVE = "reproductive"


class Mode(StrEnum):
    """Direct: the receiver answers. Informational: she goes herself; no answer, no expiry, no loop (R11)."""

    DIRECT = "direct"
    INFORMATIONAL = "informational"


class Priority(StrEnum):
    """How soon an answer is due (R15). FHIR request-priority, the two that partners use."""

    ROUTINE = "routine"
    URGENT = "urgent"


class Channel(StrEnum):
    """How a referral reaches its receiver."""

    SYSTEM = "system"
    LETTER = "letter"


class ToldBy(StrEnum):
    """How the sender learnt how a referral ended (R11)."""

    PAGE = "page"
    SYSTEM = "system"
    CALL = "call"


class Source(StrEnum):
    """Who said how it ended: the receiving agency itself, a letter's code, the sender after a call, or a timer."""

    RECIPIENT = "recipient"
    LETTER = "letter"
    SENDER = "sender"
    TIMER = "timer"


class Outcome(StrEnum):
    """How a completed referral ended for her; each of them counts as services received (DHCS closed-loop referral)."""

    SERVICE_RECEIVED = "service_received"
    SERVICE_BEGUN = "service_begun"
    ENROLLED = "enrolled"
    NEED_RESOLVED = "need_resolved"


class Reason(StrEnum):
    """Why a referral or handoff ended without service. Each has one owner (`ReasonOwner`)."""

    NO_CAPACITY = "no_capacity"
    INELIGIBLE = "ineligible"
    OUT_OF_AREA = "out_of_area"
    SERVICE_NOT_OFFERED = "service_not_offered"
    MISSING_INFORMATION = "missing_information"
    BETTER_FIT_ELSEWHERE = "better_fit_elsewhere"
    SAFETY = "safety"
    CLIENT_DECLINED = "client_declined"
    NEED_RESOLVED = "need_resolved"
    CHOSE_OTHER = "chose_other"
    MOVED = "moved"
    UNABLE_TO_REACH = "unable_to_reach"
    DUPLICATE = "duplicate"
    OTHER = "other"


class ReasonOwner(StrEnum):
    """Whose decision a reason was: "she said no" is never mixed with "they said no" (HMIS 4.20)."""

    RECIPIENT = "recipient"
    CLIENT = "client"
    CONTACT = "contact"
    OTHER = "other"


class ContactMode(StrEnum):
    """Where or how a support contact took place."""

    HOME_VISIT = "home_visit"
    OFFICE_VISIT = "office_visit"
    COMMUNITY_VISIT = "community_visit"
    GROUP_SESSION = "group_session"
    PHONE = "phone"
    VIDEO = "video"
    TEXT_TWO_WAY = "text_two_way"
    TEXT_ONE_WAY = "text_one_way"
    MAIL = "mail"
    ACCOMPANIMENT = "accompaniment"
    LABOR_SUPPORT = "labor_support"
    GOODS_DELIVERY = "goods_delivery"
    TRANSPORT_RIDE = "transport_ride"
    FUNDS_TRANSFER = "funds_transfer"


class ContactOutcome(StrEnum):
    """What came of a support contact."""

    COMPLETED = "completed"
    ATTEMPTED_NO_ANSWER = "attempted_no_answer"
    ATTEMPTED_LEFT_MESSAGE = "attempted_left_message"
    ATTEMPTED_WRONG_NUMBER = "attempted_wrong_number"
    NOT_HOME = "not_home"
    CLIENT_DECLINED = "client_declined"
    CANCELLED_BY_CLIENT = "cancelled_by_client"
    CANCELLED_BY_AGENCY = "cancelled_by_agency"
    MISSED = "missed"


class UnitKind(StrEnum):
    """What was handed over: rides, boxes, packs of diapers, or started fifties of US dollars."""

    RIDE = "ride"
    BOX = "box"
    DIAPERS = "diapers"
    USD_50 = "usd_50"


class HandoffKind(StrEnum):
    """How responsibility is handed over; the first two are warm (AHRQ: in front of the client)."""

    WARM_IN_PERSON = "warm_in_person"
    WARM_REMOTE = "warm_remote"
    ASSISTED = "assisted"
    COLD = "cold"


class ResponsibilityDomain(StrEnum):
    """What an agency can lead for a client: one leader for each domain of an open episode."""

    PRIMARY_CARE_COORDINATION = "primary_care_coordination"
    PRENATAL_CLINICAL = "prenatal_clinical"
    BEHAVIORAL_HEALTH = "behavioral_health"
    HOUSING_NAVIGATION = "housing_navigation"
    DOULA = "doula"
    HOME_VISITING = "home_visiting"
    INFANT = "infant"


class Basis(StrEnum):
    """Why an agency leads (R19)."""

    INTAKE = "intake"
    HANDOFF = "handoff"
    HUB = "hub"


class How(StrEnum):
    """How she said yes or no."""

    SIGNED = "signed"
    SPOKEN = "spoken"


class Purpose(StrEnum):
    """What a consent allows the receiver to use her details for."""

    TREATMENT = "treatment"
    COORDINATION = "coordination"
    OPERATIONS = "operations"
    PUBLIC_HEALTH = "public_health"


class AgeBand(StrEnum):
    """Her age on the day that the pregnancy was opened (R7); the birth date stays in the vault."""

    UNDER_20 = "<20"
    FROM_20_TO_24 = "20-24"
    FROM_25_TO_29 = "25-29"
    FROM_30_TO_34 = "30-34"
    FROM_35_TO_39 = "35-39"
    FROM_40 = "40+"


class DisclosureKind(StrEnum):
    """What was shown to someone outside the agency that wrote it (R1)."""

    GIVEN_FIELDS = "given_fields"
    TIMELINE = "timeline"
    LETTER = "letter"
