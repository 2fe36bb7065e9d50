"""The words of problems with a client."""

from collections.abc import Mapping

from services.gateway.pages.problems.told import Told
from services.gateway.pages.words import N_

PROBLEMS: Mapping[str, Told] = {
    "outreach-paused": Told(
        N_("Outreach is paused."), N_("Nothing was saved. Do not call, text or visit her until it is resumed.")
    ),
    "outreach-not-paused": Told(
        N_("Nobody had paused reaching out to her"), N_("Nothing was saved. She may be called, texted and visited.")
    ),
    "no-further-contact": Told(
        N_("She is not to be contacted any more"),
        N_("Nothing was saved. Nothing new is sent for her."),
        N_("If that is a mistake, whoever wrote it down can correct it on her page."),
    ),
    "no-further-contact-recorded": Told(
        N_("It is written down already, in other words"), N_("Nothing was saved. What your agency wrote first stands.")
    ),
    "emergency-already-open": Told(
        N_("You opened it for this already, with other words"),
        N_("Nothing was saved. What you wrote first stands, and it is open."),
        N_("If something else happened since, choose the other kind of emergency."),
    ),
    "contact-not-stopped": Told(
        N_("Your agency did not write down that contact ends"),
        N_("Nothing was saved."),
        N_("Only the agency that wrote it down corrects it."),
    ),
    "details-erased": Told(
        N_("Her details were erased"),
        N_("What your agency held of her can be read no more, by anybody."),
        N_("If she comes again, register her as a new client."),
    ),
    "details-held": Told(
        N_("Her details have to be kept"),
        N_("Nothing was erased: a legal hold stands."),
    ),
    "number-in-use": Told(
        N_("Another client of yours has this number"),
        N_("Nothing was saved. A number of your agency belongs to one woman."),
        N_("Find the client who has it, or check the number."),
    ),
}
