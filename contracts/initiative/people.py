"""Owns which roles there are, and the invented people who may sign in to a practice system."""

from typing import Literal, Self

from pydantic import Field, model_validator

from contracts.directory import Language, Model, Slug
from contracts.initiative.text import Name

INITIATIVE_ROLES = ("backbone", "working_group", "operator")

Role = Literal[
    "staff", "case_manager", "agency_admin", "reviewer", "privacy_officer", "system", "client",
    "backbone", "working_group", "operator",
]  # fmt: skip


class PracticeSignIn(Model):
    """An invented person who may sign in to a practice system; real people come from the sign-in provider (R22).

    `language` is the one that the pages begin in; None leaves it to the browser.
    """

    username: Slug
    name: Name
    roles: tuple[Role, ...] = Field(min_length=1)
    agency: Slug | None = None
    working_groups: tuple[Slug, ...] = ()
    language: Language | None = None

    @model_validator(mode="after")
    def _side_of_the_border(self) -> Self:
        for role in self.roles:
            if (role in INITIATIVE_ROLES) == (self.agency is not None):
                raise ValueError(f"role {role}: an agency is given exactly with an agency's role")
        return self
