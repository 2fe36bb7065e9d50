"""Owns what serves each of the nine principles of practice here: a feature, a figure or a page, and the way to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from services.gateway.pages.words import N_

Kind = Literal["feature", "figure", "page"]
Audience = Literal["agencies", "leads", "groups", "its_groups"]

KINDS: Mapping[Kind, str] = {"feature": N_("Feature"), "figure": N_("Figure"), "page": N_("Page")}
AUDIENCES: Mapping[Audience, str] = {
    "agencies": N_("for staff of agencies"),
    "leads": N_("for case managers"),
    "groups": N_("for working groups"),
    "its_groups": N_("for its working groups"),
}
"""Whose roles open a page that asks for a sign-in; the backbone reads what working groups do, and the directory."""


@dataclass(frozen=True)
class Served:
    """One thing that serves a principle; `audience`: whose it is where it asks for a sign-in, None for everybody's."""

    kind: Kind
    text: str
    link: str
    audience: Audience | None = None


@dataclass(frozen=True)
class Principle:
    """A principle as the initiatives say it, and what serves it."""

    name: str
    served: tuple[Served, ...]


PRINCIPLES: Mapping[str, Principle] = {
    "equity": Principle(
        N_("Design with a priority placed on equity"),
        (
            Served("figure", N_("A scorecard begins with the widest gap between groups"), "/scorecard", "groups"),
            Served(
                "feature",
                N_("A service is found in her language, near her, with what it takes to get in"),
                "/directory",
                "agencies",
            ),
            Served("page", N_("Every text is in English and Spanish and works on an old phone and on paper"), "/about"),
        ),
    ),
    "community_members": Principle(
        N_("Include community members"),
        (
            Served("page", N_("Working groups, parents among them, with the questions that they ask"), "/about#who"),
            Served("feature", N_("She can ask who read her record, and take her yes back"), "/about#protected"),
        ),
    ),
    "cross_sector_partners": Principle(
        N_("Recruit and co-create with cross-sector partners"),
        (
            Served(
                "feature", N_("One directory of clinics, doulas, food, housing and rides"), "/directory", "agencies"
            ),
            Served("page", N_("An agency without an account answers a referral by letter and code"), "/answer"),
        ),
    ),
    "data": Principle(
        N_("Use data to continuously learn, adapt and improve"),
        (
            Served(
                "figure",
                N_("Figures beside those of the release before, and what moved them"),
                "/scorecard",
                "groups",
            ),
            Served(
                "page", N_("What each figure counts, whom it leaves out and how to read it"), "/definitions", "groups"
            ),
            Served("page", N_("How far the goal is, from every starting rate in print"), "/targets", "groups"),
        ),
    ),
    "system_leadership": Principle(
        N_("Cultivate leaders with system leadership skills"),
        (
            Served("page", N_("A charter for each working group: what it is for and what it decides"), "/about#who"),
            Served(
                "feature",
                N_("Whoever leads watches over a client's open referrals to every agency"),
                "/work/watch",
                "leads",
            ),
        ),
    ),
    "programme_and_system": Principle(
        N_("Focus on programme and system strategies"),
        (
            Served(
                "figure",
                N_("How often another agency saw her next: the agencies as one system"),
                "/scorecard",
                "groups",
            ),
            Served("page", N_("The common agenda and the programmes of each initiative"), "/about#who"),
        ),
    ),
    "trust": Principle(
        N_("Build a culture of relationships, trust and respect"),
        (
            Served(
                "page", N_("Her name goes to one agency at a time, and only after she said yes"), "/about#protected"
            ),
            Served(
                "feature", N_("Nobody has to chase: whoever sent her is told how it ended"), "/work/outbox", "agencies"
            ),
        ),
    ),
    "local_context": Principle(
        N_("Customise for a local context"),
        (
            Served("page", N_("Each initiative has its own goals, groups, week and time to answer"), "/about#who"),
            Served(
                "feature",
                N_("Agencies say themselves whom they serve, when they are open and if they have room"),
                "/directory",
                "agencies",
            ),
        ),
    ),
    "alignment": Principle(
        N_("Align across sectors"),
        (
            Served("page", N_("One way to send a referral for every agency's system"), "/docs"),
            Served(
                "feature", N_("One agency leads for each client, until another has taken over"), "/work", "agencies"
            ),
        ),
    ),
}
"""In their order. The names are those in print, in English of the house."""
