"""The words of problems with a handoff."""

from collections.abc import Mapping

from services.gateway.pages.problems.told import Told
from services.gateway.pages.words import N_

PROBLEMS: Mapping[str, Told] = {
    "handoff-already-answered": Told(
        N_("Someone at your agency answered this handoff first"),
        N_("Your answer was not saved. Theirs stands."),
        N_("Look at the handoff as it is now. Talk to your colleague before you change it."),
    ),
    "handoff-already-ended": Told(
        N_("This handoff has ended already"),
        N_("Nothing was saved. A handoff that ended is never reopened."),
        N_("Propose a new one, if somebody else should lead."),
    ),
    "handoff-already-open": Told(
        N_("You have an open handoff of this to them"), N_("Nothing was proposed twice."), N_("Wait for their answer.")
    ),
    "handoff-already-proposed": Told(N_("This handoff was proposed already"), N_("It was not proposed twice.")),
    "domain-led": Told(
        N_("Somebody leads this already"),
        N_("Nothing was saved. Only what nobody leads can be taken."),
        N_("Ask whom you work with for a handoff."),
    ),
    "not-leading": Told(
        N_("Your agency does not lead this"),
        N_("Nothing was saved."),
        N_("Look at her page: it says what your agency leads."),
    ),
    "nobody-takes-over": Told(
        N_("Nobody would lead it then"),
        N_("Nothing was saved. She always has one agency to call."),
        N_("Hand it over: you may go as soon as another agency has accepted."),
    ),
    "receiver-not-on-system": Told(
        N_("They are not on Closeknit"),
        N_("Nothing was saved. Nobody there could accept a lead here, or answer a question."),
        N_("Send them a referral with a letter, or call them. Hand over to an agency that is on Closeknit."),
    ),
    "lead-moved": Told(
        N_("Somebody else leads now"),
        N_("Nothing was saved. Only the agency that leads can hand the lead on."),
        N_("Look at her page: it says who leads, as far as you may know."),
    ),
}
