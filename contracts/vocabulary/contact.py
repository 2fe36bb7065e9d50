"""How a support contact took place, and what came of it."""

from enum import StrEnum


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
