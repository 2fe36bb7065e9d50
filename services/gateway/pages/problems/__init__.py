"""The words of problems: the heading, whether anything was saved, and what to do, for each that may be raised."""

from collections.abc import Mapping

from services.gateway.pages.problems import (
    appointment,
    client,
    consent,
    contact,
    directory,
    episode,
    feedback,
    file,
    handoff,
    need,
    referral,
    release,
    request,
    work,
)
from services.gateway.pages.problems.looked_at import LOOKED_AT
from services.gateway.pages.problems.told import Told
from services.gateway.pages.words import N_

__all__ = ["LOOKED_AT", "NOT_SENT", "PROBLEMS", "SERVER_ERROR", "Told", "told_of"]

SERVER_ERROR = 500

PROBLEMS: Mapping[str, Told] = {
    slug: told
    for topic in (
        appointment,
        client,
        consent,
        contact,
        directory,
        episode,
        feedback,
        file,
        handoff,
        need,
        referral,
        release,
        request,
        work,
    )
    for slug, told in topic.PROBLEMS.items()
}

# The same of a form that stopped on its way, before anything was asked to be saved.
NOT_SENT: Mapping[str, Told] = {
    slug: Told(
        told.title,
        N_("Nothing was saved."),
        N_("Load the page again in a few seconds: what you typed goes with it."),
    )
    for slug, told in PROBLEMS.items()
    if slug in {"unavailable", "internal"}
}  # fmt: skip


def told_of(slug: str, status: int, *, looked: bool, sent: bool) -> tuple[str, Told]:
    """The slug to show and its words. `looked`: nothing was to be saved; `sent`: something was asked to be."""
    if slug not in PROBLEMS:
        slug = "internal" if status >= SERVER_ERROR else "refused"
    special = LOOKED_AT if looked else {} if sent else NOT_SENT
    return slug, special.get(slug, PROBLEMS[slug])
