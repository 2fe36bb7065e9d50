"""Steps of a pregnancy over HTTP, by an agency that opened it. How it ended goes into the vault (R5)."""

from services.referrals.api.births import not_before_birth
from services.referrals.api.callers import AtDesk, Staff, acting
from services.referrals.api.episode_shapes import EndGiven, EpisodeStep
from services.referrals.api.naming import Naming
from services.referrals.api.problems import not_later
from services.referrals.api.referral_steps import EnteredInError, Nothing
from services.referrals.api.shapes import Body, Day, Handle
from services.referrals.application import episode as episodes
from services.referrals.application import episode_steps as steps
from services.referrals.application.acting import Acting
from services.referrals.application.dating_error import enter_dating_in_error as enter_in_error
from services.referrals.application.desk import Desk
from services.referrals.application.episode_steps import Dating, EpisodeStepped
from services.referrals.domain.vocabulary import DatingBasis
from services.runtime.http import Call, Reply, lean_router

router = lean_router()


class DateEpisode(Body):
    """The expected date of delivery, how it is known, and the dating that it replaces (`dating` of the episode)."""

    edd: Day
    basis: DatingBasis
    supersedes: Handle | None = None


class DatingInError(EnteredInError):
    """Which dating (`dating` of the episode while it stood), and why. `earlier_too`: those before it that do not fit
    what is written down since were wrong, too; else such a one is refused."""

    dating: Handle
    earlier_too: bool = False


class OnADay(Body):
    """The local date of a visit; today where it is not said."""

    on: Day | None = None


@router.post("/v1/episodes/{episode}/date")
async def date_episode(
    principal: Staff, call: Call, desk: AtDesk, episode: str, body: DateEpisode
) -> Reply[EpisodeStep]:
    """State when the birth is expected, or state it anew: each dating is kept, the last is in force."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    said = Dating(edd=body.edd, basis=body.basis, supersedes=naming.maybe_back("event", body.supersedes))
    return _shown(naming, await steps.date_it(desk, who, naming.back("episode", episode), said))


@router.post("/v1/episodes/{episode}/prenatal-care")
async def start_prenatal_care(
    principal: Staff, call: Call, desk: AtDesk, episode: str, body: OnADay
) -> Reply[EpisodeStep]:
    """Her first prenatal visit."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    id = naming.back("episode", episode)
    await _within_her_life(desk, who, episode, body.on)
    return _shown(naming, await steps.start_prenatal_care(desk, who, id, body.on))


@router.post("/v1/episodes/{episode}/lost")
async def lose_episode(principal: Staff, call: Call, desk: AtDesk, episode: str, body: Nothing) -> Reply[EpisodeStep]:
    """Nobody of this agency can find her."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    return _shown(naming, await steps.lose(desk, who, naming.back("episode", episode)))


@router.post("/v1/episodes/{episode}/resume")
async def resume_episode(principal: Staff, call: Call, desk: AtDesk, episode: str, body: Nothing) -> Reply[EpisodeStep]:
    """She is found again: it stands where it stood."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    return _shown(naming, await steps.resume(desk, who, naming.back("episode", episode)))


@router.post("/v1/episodes/{episode}/end")
async def end_episode(principal: Staff, call: Call, desk: AtDesk, episode: str, body: EndGiven) -> Reply[EpisodeStep]:
    """Write down how and when it ended. It stays with this agency: nobody else and no ordinary figure learns it."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    id = naming.back("episode", episode)
    await _within_her_life(desk, who, episode, body.on)
    return _shown(naming, await steps.end(desk, who, id, body.end()))


@router.post("/v1/episodes/{episode}/postpartum-visit")
async def record_postpartum_visit(
    principal: Staff, call: Call, desk: AtDesk, episode: str, body: OnADay
) -> Reply[EpisodeStep]:
    """She was seen after the birth."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    id = naming.back("episode", episode)
    await _within_her_life(desk, who, episode, body.on)
    return _shown(naming, await steps.visit_after(desk, who, id, body.on))


@router.post("/v1/episodes/{episode}/close")
async def close_episode(principal: Staff, call: Call, desk: AtDesk, episode: str, body: Nothing) -> Reply[EpisodeStep]:
    """This agency is through with it."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    return _shown(naming, await steps.close(desk, who, naming.back("episode", episode)))


@router.post("/v1/episodes/{episode}/entered-in-error")
async def enter_episode_in_error(
    principal: Staff, call: Call, desk: AtDesk, episode: str, body: EnteredInError
) -> Reply[EpisodeStep]:
    """It should never have been written down: its leads end, and what other agencies say of it stands."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    return _shown(naming, await steps.enter_in_error(desk, who, naming.back("episode", episode), body.reason))


@router.post("/v1/episodes/{episode}/dating-entered-in-error")
async def enter_dating_in_error(
    principal: Staff, call: Call, desk: AtDesk, episode: str, body: DatingInError
) -> Reply[EpisodeStep]:
    """One due date should never have been stated: the one before it, if there was one, is in force again."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    id, dating = naming.back("episode", episode), naming.back("event", body.dating)
    done = await enter_in_error(desk, who, id, dating, body.reason, earlier_too=body.earlier_too)
    return _shown(naming, done)


async def _within_her_life(desk: Desk, who: Acting, episode: str, on: Day | None) -> None:
    """Raises 422 for a day in the future or before she was born; 404 for an episode of somebody else's."""
    seen = await episodes.read(desk, who, Naming(desk, who).back("episode", episode))
    if on is not None and on > who.today:
        raise not_later("/on")
    await not_before_birth(desk, who, seen.client, on, "/on")


def _shown(naming: Naming, done: EpisodeStepped) -> Reply[EpisodeStep]:
    seen = done.seen
    shown = EpisodeStep(
        episode=naming.out("episode", seen.id),
        client=naming.out("client", seen.client),
        state=seen.own.status,
        version=seen.version,
    )
    return Reply(shown, version=seen.version, replayed=done.replayed)
