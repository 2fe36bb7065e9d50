"""Owns the look at every way into the gateway: which of them do not lead through the decision point."""

from collections.abc import Iterable

from starlette.routing import BaseRoute

from services.gateway.access.authorize import Resource, authorize
from services.gateway.access.policy import ROLES
from services.gateway.pages.gate import Gated, Open
from services.gateway.passage.table import Table
from services.runtime.auth import Principal

# Pages that anybody may see, each for a reason: sign-in and its parts, what explains the house, the public document.
FOR_ANYBODY = {
    "/", "/sign-in", "/sign-in/go", "/sign-in/back", "/sign-in/out", "/sign-in/still", "/sign-out", "/language/{code}",
    "/about", "/about/principles", "/about/initiatives/{initiative}", "/docs", "/openapi.json", "/problems/{slug}",
    "/static/{hash}/{name}", "/health/live", "/health/ready", "/answer", "/answer/{letter}", "/my", "/my/still",
    "/my/leave",
}  # fmt: skip


FORMS_FOR_ANYBODY = {"/sign-out", "/answer", "/my", "/my/leave"}
"""Signing out; the answer to a letter and a client's own pages, which a code opens."""


def past_the_decision(routes: Iterable[BaseRoute], table: Table) -> list[str]:
    """One sentence for each page or operation that somebody could reach without a decision."""
    found = []
    for route in routes:
        path = getattr(route, "path", "?")
        if isinstance(route, Gated):
            if not has_policy(route.action):
                found.append(f"{path}: {route.action} has no policy")
        elif path not in FOR_ANYBODY:
            found.append(f"{path}: no gate")
        elif isinstance(route, Open) and "POST" in (route.methods or ()) and path not in FORMS_FOR_ANYBODY:
            found.append(f"{path}: a form for anybody")
    actions = [operation.action for operation in table.operations]
    return found + [f"{action} has no policy" for action in actions if not has_policy(action)]


def has_policy(action: str) -> bool:
    """Whether there is anybody at all who may do it."""
    everybody = Principal("s", "here", "their-own", ROLES)
    return authorize(everybody, action, Resource("/", {"here"}, {"agency": "their-own"})).allowed
