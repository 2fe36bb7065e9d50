"""Owns the one decision point: who may do what, by the policies in their folder beside it."""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache

from services.gateway.access.policy import Policies, Question
from services.runtime.auth import Principal

REMEMBERED = 16_384
_LOG = logging.getLogger(__name__)  # by place and type of error alone: services/runtime/telemetry/logs.py


@dataclass(slots=True)  # not frozen: one is made for each request, and that would cost as much as the decision
class Resource:
    """What is acted on: a route's template, the initiatives that are served here, and the values of its parameters.

    The values reach a policy, never a log.
    """

    template: str
    initiatives: Collection[str] = field(repr=False)
    parameters: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes, or the slug of the problem that says why not."""

    allowed: bool
    slug: str | None = None


ALLOWED = Decision(True)
NOT_SIGNED_IN = Decision(False, "not-signed-in")
ROLE_FORBIDS = Decision(False, "role-forbids")


def authorize(principal: Principal | None, action: str, resource: Resource) -> Decision:
    """May this principal (None: nobody is signed in) do this to that? What no policy permits is refused, and whatever
    goes wrong on the way refuses too.

    Sides, consent and what exists are decided by the service that owns the resource, which checks the token again.
    """
    try:
        if principal is None:
            return ALLOWED if _allow(action, None) else NOT_SIGNED_IN
        agency, named = principal.agency, resource.parameters.get("agency")
        own = None if named is None else named == agency
        served = principal.initiative in resource.initiatives
        return ALLOWED if _allow(action, principal.roles, agency is not None, served, own) else ROLE_FORBIDS
    except Exception as error:  # noqa: BLE001 - an engine that breaks lets nobody in
        _LOG.error("policy failed", exc_info=error)
        return NOT_SIGNED_IN if principal is None else ROLE_FORBIDS


@lru_cache(REMEMBERED)
def _allow(
    action: str, roles: frozenset[str] | None, of_agency: bool = False, served: bool = False, own: bool | None = None
) -> bool:
    """Answers are remembered by what is asked: the policies look at nothing else. What was raised is not."""
    return policies().allow(Question(action, roles, of_agency, served, own))


@cache
def policies() -> Policies:
    """The policies in force, read once. Raises BadPolicies, OSError."""
    return Policies.read()
