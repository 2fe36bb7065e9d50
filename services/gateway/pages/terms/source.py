"""Sources that are none in print but words of ours, so that they are said in the reader's language."""

from services.gateway.pages.words import N_

OWN_SOURCES = frozenset(
    {
        N_("Invented for practice: nobody's births"),
        N_("drafted with this configuration; no aim of the group is in print"),
        N_("drafted with this configuration; no charter of the group is in print"),
        N_("not known yet: write where it is in print"),
        N_("the initiative's own description; no public page found"),
        N_("the initiative's own description: working groups are being formed"),
    }
)
"""As they stand in the files of an initiative; what is in print keeps the language that it is printed in."""
