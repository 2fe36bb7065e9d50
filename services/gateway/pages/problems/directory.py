"""The words of problems with the directory: agencies, services and their room."""

from collections.abc import Mapping

from services.gateway.pages.problems.told import Told
from services.gateway.pages.words import N_

PROBLEMS: Mapping[str, Told] = {
    "agency-already-listed": Told(
        N_("Another agency has this short name"),
        N_("Nothing was saved. The agency that is in the directory stands as it is."),
        N_("Choose another short name, or edit the agency that is there."),
    ),
    "service-already-listed": Told(
        N_("Another service has this short name"),
        N_("Nothing was saved. The service that is in the directory stands as it is."),
        N_("Choose another short name, or edit the service that is there."),
    ),
    "service-category-fixed": Told(
        N_("The need that a service is for cannot be changed"),
        N_("Nothing was saved. Referrals that are open were sent for that need."),
        N_("Add another service, and close this one."),
    ),
    "agency-left": Told(
        N_("This agency has left the initiative"),
        N_("Nothing was saved. What waited there went back to whoever had sent it."),
        N_("An agency that comes back is invited anew, under another short name."),
    ),
    "agency-not-receiving": Told(
        N_("They receive nothing new now"),
        N_("Nothing was sent. The agency has paused, or does not take part."),
        N_("Choose another service. What they have open already is answered as before."),
    ),
    "check-already-answered": Told(
        N_("A colleague answered this question first"),
        N_("Your answer was not saved. Theirs stands."),
        N_("Look at it as it is now. If it is wrong, say so in the directory."),
    ),
    "check-closed": Told(
        N_("Nobody asks this any more"),
        N_("Nothing was saved. Whoever asked has found room, or needs it no more."),
    ),
    "hub-cannot-leave": Told(
        N_("The hub cannot leave"),
        N_("Nothing was saved. Whom nobody leads falls back to the hub."),
        N_("The initiative names another hub first."),
    ),
    "agency-takes-no-part": Told(
        N_("Your agency does not take part now"),
        N_("Nothing was saved. It was invited and has not begun, or it has left the initiative."),
        N_("Ask the person at your agency who looks after accounts, or the initiative itself."),
    ),
}
