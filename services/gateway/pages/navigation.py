"""Owns where a person can go from every page, by the roles that they hold, and which of these places a page is in."""

from services.gateway.pages import terms
from services.gateway.pages.words import N_, Words
from services.runtime.auth import Principal

WORKS_WITH_CLIENTS = frozenset({"staff", "case_manager"})
FOREMOST = ("case_manager", "staff", "privacy_officer", "backbone", "working_group")
READS_MEASURES = frozenset({"working_group", "backbone"})
READS_DIRECTORY = WORKS_WITH_CLIENTS | {"agency_admin", "backbone"}


def places(principal: Principal | None, words: Words) -> list[dict[str, str]]:
    """Address and name of each."""
    roles = principal.roles if principal is not None else frozenset[str]()
    found = list[tuple[str, str]]()
    if roles & WORKS_WITH_CLIENTS:
        found += [("/work", N_("Work")), ("/referrals/new", N_("Send a referral")), ("/clients", N_("Clients"))]
    found += [("/directory", N_("Directory"))] if roles & READS_DIRECTORY else []
    found += [("/figures", N_("Our figures"))] if roles & WORKS_WITH_CLIENTS else []
    if roles & READS_MEASURES:
        found += [("/scorecard", N_("Scorecard")), ("/releases", N_("Releases"))]
        found += [("/definitions", N_("Definitions")), ("/targets", N_("Targets"))]
    if "privacy_officer" in roles:
        found += [("/privacy", N_("Privacy"))]
    if "client" in roles:
        found += [("/my/record", N_("Who saw my record")), ("/my/consents", N_("What I said yes to"))]
        found += [("/my/helpers", N_("My helpers"))]
    return [{"path": path, "name": words.say(name)} for path, name in found]


def person_line(principal: Principal | None, words: Words) -> str:
    """Who is signed in, by name and by the foremost of their roles."""
    if principal is None:
        return ""
    role = next((words.say(terms.ROLES[role]) for role in FOREMOST if role in principal.roles), "")
    return ", ".join(part for part in (principal.name, role) if part)


def here(path: str) -> str:
    """Which of them the page at this address belongs to."""
    if path.startswith("/my/"):
        return path
    first, _, rest = path[1:].partition("/")
    if first == "drafts" or rest == "new" and first == "referrals" or rest.endswith("/refer"):
        return "/referrals/new"
    entries = {"referrals": "/work", "handoffs": "/work", "checks": "/work", "group-session": "/clients"}
    return entries.get(first, f"/{first}")
