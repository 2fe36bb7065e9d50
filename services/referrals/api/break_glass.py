"""Breaking the glass over HTTP: a client's shared timeline without her yes, for three hours, and everybody is told."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import StringConstraints

from services.referrals.api.callers import AtDesk, CaseManager, acting
from services.referrals.api.naming import Naming
from services.referrals.api.shapes import Answer, Body, Instant
from services.referrals.application import break_glass as glasses
from services.referrals.domain.break_glass import Emergency, Glass
from services.referrals.domain.refusal import NotASide
from services.runtime.http import Call, Reply, lean_router

router = lean_router()


class BreakGlassAsked(Body):
    """Whose record, why in a code, and why in words: these go to the vault, to the privacy officers and to her."""

    client: str
    code: Emergency
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]


class GlassShown(Answer):
    """It is open to this person alone, until then to the second."""

    client: str
    code: Emergency
    break_glass_until: Instant


class OpenInEmergency(Answer):
    """Until when it is open to the caller, and for which kind of emergency."""

    code: Emergency
    until: Instant


def open_in_emergency(glasses: Iterable[Glass]) -> list[OpenInEmergency]:
    """What the caller opened, each kind once: what opens the most comes first."""
    kinds = {each.broken.emergency: each.until for each in sorted(glasses, key=lambda each: each.until)}
    return [OpenInEmergency(code=kind, until=kinds[kind]) for kind in Emergency if kind in kinds]


@router.post("/v1/break-glass", status_code=201)
async def break_glass(principal: CaseManager, call: Call, desk: AtDesk, body: BreakGlassAsked) -> Reply[GlassShown]:
    """Open a client's shared timeline in an emergency, to the caller alone, for three hours.

    A medical emergency opens restricted care to clinics and hospitals, unless she said no to it; nothing opens how a
    pregnancy ended or violence between partners. Each look is on her list. Pressed again for the same kind it is 200,
    and no longer; in other words it is 409. Another kind is opened by itself.
    """
    who = acting(principal, call, desk)
    done = await glasses.press(desk, who, Naming(desk, who).back("client", body.client), body.code, body.reason)
    glass = done.view
    if glass is None:
        raise NotASide
    shown = GlassShown(client=body.client, code=glass.broken.emergency, break_glass_until=glass.until)
    return Reply(shown, done.answer.status)
