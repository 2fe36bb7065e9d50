"""What a client needs, what a contact was about, and which of it is restricted."""

from enum import StrEnum
from typing import TypeAlias


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
