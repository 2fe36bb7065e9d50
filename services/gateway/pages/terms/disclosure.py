"""What an entry of the accounting of disclosures is called, in the words of the client who reads it."""

from collections.abc import Mapping

from services.gateway.pages.words import N_

DISCLOSURES: Mapping[str, str] = {
    "referral": N_("%(agency)s was asked to help you and could see %(fields)s"),
    "handoff": N_("%(agency)s was asked to lead your care and could see %(fields)s"),
    "read": N_("%(agency)s saw %(fields)s"),
    "timeline": N_("%(agency)s looked at your timeline"),
    "letter": N_("A letter for %(agency)s was printed with %(fields)s"),
    "opened": N_("%(agency)s opened your record in an emergency, for 3 hours"),
    "break_glass": N_("%(agency)s looked at your record in an emergency"),
    "erased": N_("%(agency)s erased what it knew of you"),
}

NO_FIELDS: Mapping[str, str] = {
    "referral": N_("%(agency)s was asked to help you"),
    "handoff": N_("%(agency)s was asked to lead your care"),
    "read": N_("%(agency)s saw what you agreed to share"),
    "letter": N_("A letter for %(agency)s was printed"),
}

EXCEPTIONS: Mapping[str, str] = {
    "emergency": N_("Why: emergency."),
    "required_by_law": N_("Why: a law says that they have to."),
}

OPENED_FOR_HER: Mapping[str, str] = {
    "medical": N_("Why: a medical emergency of yours."),
    "danger": N_("Why: you or somebody else was in danger."),
}
"""For which kind of emergency her record was opened."""

DISCLOSED: Mapping[str, str] = {
    "referral": N_("%(by)s sent her to %(agency)s"),
    "handoff": N_("%(by)s asked %(agency)s to lead her care"),
    "read": N_("%(agency)s read what she agreed to give"),
    "timeline": N_("%(agency)s looked at her timeline"),
    "letter": N_("A letter for %(agency)s was printed"),
    "opened": N_("%(agency)s opened her record in an emergency, for 3 hours"),
    "break_glass": N_("%(agency)s looked at her record in an emergency"),
    "erased": N_("%(agency)s erased what it knew of her"),
}
"""The same in the words of those who answer for it."""

OPENED_FOR: Mapping[str, str] = {
    "medical": N_("Why: a medical emergency of hers."),
    "danger": N_("Why: she or somebody else was in danger."),
}

CAUSES: Mapping[str, str] = {
    "question": N_("She asks: was this right?"),
    "exception": N_("Her details went out without her yes"),
    "break_glass": N_("Her record was opened in an emergency"),
    "erasure": N_("Her details were erased"),
    "hold": N_("Her details have to be kept"),
    "hold_released": N_("Her details have to be kept no longer"),
}

OPERATED_FOR: Mapping[str, str] = {
    "client_request": N_("Why: she asked for it"),
    "wrong_person": N_("Why: it was about somebody else"),
    "retention_ended": N_("Why: the time for keeping it is over"),
    "required_by_law": N_("Why: a law requires it"),
    "legal_case": N_("Why: a legal case"),
    "investigation": N_("Why: an investigation"),
    "audit": N_("Why: an audit"),
}
"""Why an operator erased what an agency held of her, or forbade that."""

FINDINGS: Mapping[str, str] = {
    "appropriate": N_("It was right"),
    "not_appropriate": N_("It was not right"),
}

FOUND_TO_HER: Mapping[str, str] = {
    "appropriate": N_("%(agency)s looked at it on %(day)s and found that it was right."),
    "not_appropriate": N_("%(agency)s looked at it on %(day)s and found that it was not right."),
    "not_yet": N_("%(agency)s looks at whether it was right, by %(day)s."),
}
"""What an officer found, to the client who reads it."""

EMERGENCIES: Mapping[str, str] = {
    "medical": N_("A medical emergency of hers"),
    "danger": N_("She or somebody else is in danger"),
}
"""Why nobody could ask her first."""
