"""Owns the policies: read from their folder, validated against their schema, asked one question at a time."""

from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Final, Self

import cedarpy

FOLDER: Final = resources.files("services.gateway.access").joinpath("policies")
SCHEMA: Final = "closeknit.cedarschema"
ROLES: Final = frozenset(
    {
        "staff", "case_manager", "agency_admin", "reviewer", "privacy_officer",
        "backbone", "working_group", "operator", "client", "system",
    }
)  # fmt: skip
"""Roles that the schema knows; a sign-in provider may put others into a token."""

Entity = dict[str, Any]


class BadPolicies(ValueError):
    """The policies cannot be read, or speak of what their schema does not know; names the place."""


@dataclass(frozen=True, slots=True)
class Question:
    """All that a policy looks at, without any id: equal questions have equal answers.

    `roles` None: nobody is signed in. `own`: the agency in the address is the caller's; None where it names none.
    """

    action: str
    roles: frozenset[str] | None
    of_agency: bool = False
    served: bool = False
    own: bool | None = None


class Policies:
    """A set of policies and the schema that they keep to."""

    def __init__(self, policies: str, schema: str) -> None:
        """Raises BadPolicies."""
        try:
            self._schema = cedarpy.Schema.from_str(schema)
            found = cedarpy.validate_policies(policies, self._schema)
            self._policies = cedarpy.PolicySet.from_str(policies)
        except ValueError as error:
            raise BadPolicies(str(error)) from None
        if not found.validation_passed:
            raise BadPolicies("; ".join(map(str, found.errors)))

    @classmethod
    def read(cls, folder: Traversable = FOLDER) -> Self:
        """Every policy of a folder. Raises BadPolicies, OSError."""
        files = sorted((each for each in folder.iterdir() if each.name.endswith(".cedar")), key=lambda each: each.name)
        text = "\n".join(each.read_text("utf-8") for each in files)
        return cls(text, folder.joinpath(SCHEMA).read_text("utf-8"))

    def allow(self, question: Question) -> bool:
        """Whether a policy permits it and none forbids it. Raises ValueError for a question that cannot be asked."""
        asker = _entity("Stranger") if question.roles is None else _caller(question)
        place = _place(question)
        request = {
            "principal": asker["uid"],
            "action": {"type": "Action", "id": question.action},
            "resource": place["uid"],
            "context": {},
        }
        found = cedarpy.is_authorized(request, self._policies, [asker, place], self._schema)
        if found.diagnostics.errors and question.roles is not None:
            raise BadPolicies("; ".join(found.diagnostics.errors))
        return bool(found.allowed)


def _caller(question: Question) -> Entity:
    parents = [{"type": "Role", "id": role} for role in sorted((question.roles or frozenset()) & ROLES)]
    agency = {"agency": _the("Agency", "own")} if question.of_agency else {}
    return _entity("Caller", {"initiative": _the("Initiative", "callers"), **agency}, parents)


def _place(question: Question) -> Entity:
    initiatives = [_the("Initiative", "callers")] if question.served else []
    agency = {} if question.own is None else {"agency": _the("Agency", "own" if question.own else "another")}
    return _entity("Place", {"initiatives": initiatives, **agency})


def _entity(kind: str, attributes: Entity | None = None, parents: list[dict[str, str]] | None = None) -> Entity:
    return {"uid": {"type": kind, "id": "this"}, "attrs": attributes or {}, "parents": parents or []}


def _the(kind: str, id: str) -> Entity:
    return {"__entity": {"type": kind, "id": id}}
