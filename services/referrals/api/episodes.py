"""Pregnancies over HTTP: opening one, and reading one's own words."""

from typing import Annotated

from fastapi import Query

from services.referrals.api.births import not_before_birth
from services.referrals.api.callers import AtDesk, Staff, acting
from services.referrals.api.episode_shapes import EpisodeShown, episode_shown
from services.referrals.api.naming import Naming
from services.referrals.api.paging import Listing, latest_first
from services.referrals.api.problems import not_later
from services.referrals.api.shapes import Answer, Body, Day, Page
from services.referrals.application import episode as episodes
from services.referrals.application import episode_steps
from services.runtime.http import Call, Reply, lean_router

router = lean_router()


class OpenEpisode(Body):
    """`identified_on`: the local date on which the pregnancy was known; today where it is not said."""

    identified_on: Day | None = None


class EpisodeRef(Answer):
    """A pregnancy by this agency's own reference; the same answer whether others opened it too."""

    episode: str
    client: str


class Episodes(Answer):
    """A part of the pregnancies that this agency opened, the latest first."""

    items: list[EpisodeShown]
    next: str | None


@router.post("/v1/clients/{client}/episodes", status_code=201)
async def open_episode(principal: Staff, call: Call, desk: AtDesk, client: str, body: OpenEpisode) -> Reply[EpisodeRef]:
    """Open her pregnancy. The first agency leads the coordination; a second one is answered like the first.

    The same agency again is 200 where it says the same; another day is 409: what it said first stands.
    """
    who = acting(principal, call, desk)
    if body.identified_on is not None and body.identified_on > who.today:
        raise not_later("/identified_on")
    naming = Naming(desk, who)
    id = naming.back("client", client)
    await not_before_birth(desk, who, id, body.identified_on, "/identified_on")
    done = await episodes.open_one(desk, who, id, body.identified_on)
    reference = naming.answered("episode", done.answer)
    shown = EpisodeRef(episode=reference, client=naming.out("client", id))
    location, version = f"/v1/episodes/{reference}", done.answer.version
    return Reply(shown, done.answer.status, version, location, replayed=done.view is None)


@router.get("/v1/episodes/{episode}")
async def get_episode(principal: Staff, call: Call, desk: AtDesk, episode: str) -> Reply[EpisodeShown]:
    """A pregnancy in this agency's own words, and how it ended if the agency wrote that down."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    seen = await episodes.read(desk, who, naming.back("episode", episode))
    shown = episode_shown(naming, seen, await episode_steps.ended(desk, who, seen))
    return Reply(shown, version=seen.version)


@router.get("/v1/clients/{client}/episodes")
async def list_episodes(
    principal: Staff, call: Call, desk: AtDesk, client: str, query: Annotated[Page, Query()]
) -> Episodes:
    """The pregnancies that this agency opened for her."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    id = naming.back("client", client)
    listing = Listing.of_client(naming, id, "episodes", query)
    found = await episodes.of_client(desk, who, id)
    shown, following = latest_first(found, listing.part(), lambda seen: (seen.opened_at, seen.id))
    return Episodes(items=[episode_shown(naming, each) for each in shown], next=listing.next_url(following))
