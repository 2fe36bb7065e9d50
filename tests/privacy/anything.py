"""Owns the journey on which anything is asked: one thing of hers of each kind, and every operation in its turn."""

import json
from importlib.resources import files
from typing import Any, Final

from deploy.local.issuer import Claims
from tests.privacy.journey import CLINIC, DOULAS, Journey
from tests.referrals.api.story import AGREED, DOULA, MET
from tests.referrals.api.world import BODIES

AT_ONCE: Final = 9
"""So many operations on one journey."""
TYPED: Final = frozenset({"reason", "text", "note", "words"})
NOT_HERS: Final = ("/v1/directory", "/v1/measures", "/v1/releases", "/v1/targets", "/v1/population", "/v1/agencies")


def operations() -> list[tuple[str, str, str]]:
    """Method, address and name of every operation that has to do with clients, in the order of the document."""
    document = json.loads(files("contracts").joinpath("openapi.json").read_text("utf-8"))
    return [
        (method.upper(), path, operation["operationId"])
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if isinstance(operation, dict) and "operationId" in operation and not path.startswith(NOT_HERS)
    ]


def typed(value: Any, her: str, name: str = "") -> Any:
    """A body in which every sentence that somebody typed says who she is."""
    if isinstance(value, dict):
        return {key: typed(each, her, key) for key, each in value.items()}
    if isinstance(value, str) and name in TYPED and not value.islower():
        return her
    return value


def things(j: Journey) -> dict[str, str]:
    """Ids of what is hers, by the names that addresses have places for, as the clinic knows them."""
    identity = {"identity": j.woman.identity, "to": DOULA, "category": "doula", "note": j.woman.note}
    referral = j.done(CLINIC, "/referrals", identity | {"consent": AGREED})
    j.seen(DOULAS, f"/referrals/{referral['referral']}/given")  # else a list has her name or not, as its copy is made
    client = j.done(CLINIC, "/clients", j.woman.identity)["client"]
    mine = f"/clients/{client}"
    episode = j.done(CLINIC, f"{mine}/episodes")["episode"]
    leads = j.seen(CLINIC, f"{mine}/responsibility")["items"]
    wish = {"to": "example-doula-network", "domain": "primary_care_coordination", "kind": "warm_remote"}
    screening = j.done(CLINIC, f"{mine}/screenings", BODIES["record_screening"])["screenings"][0]["screening"]
    asked = j.done(CLINIC, f"/referrals/{referral['referral']}/questions", {"text": j.woman.note})["question"]
    visit = "0194a000-0000-7000-8000-000000000008"
    if j.chance.random() < 0.5:  # noqa: PLR2004 - one way or the other
        j.done(DOULAS, f"/referrals/{referral['referral']}/accept")
        due = {"due_at": j.in_days(3)}
        visit = j.done(DOULAS, f"/referrals/{referral['referral']}/appointments", due)["appointment"]
    return {
        "client": client,
        "referral": referral["referral"],
        "work": referral["referral"],
        "episode": episode,
        "handoff": j.done(CLINIC, f"{mine}/handoffs", wish)["handoff"],
        "contact": j.done(CLINIC, f"{mine}/contacts", MET | {"note": j.woman.note})["contact"],
        "need": j.done(CLINIC, f"{mine}/needs", {"category": "doula"})["need"],
        "consent": j.done(CLINIC, f"{mine}/consents", BODIES["record_consent"])["consent"],
        "note": j.done(CLINIC, "/notes", {"client": client, "text": j.woman.note})["note"],
        "question": asked,
        "inquiry": "a" * 26,
        "disclosure": "a" * 26,
        "responsibility": leads[0]["responsibility"] if leads else "a" * 26,
        "screening": screening,
        "appointment": visit,
        "check": "0194a000-0000-7000-8000-000000000009",
    }


def anything(j: Journey, turn: int) -> None:
    """The operations whose turn it is, each by the side that may or the one that may not, whatever comes of it."""
    known, every = things(j), operations()
    who: tuple[Claims, Claims] = (CLINIC, DOULAS)
    for place in range(turn * AT_ONCE, (turn + 1) * AT_ONCE):
        method, path, operation = every[place % len(every)]
        body = None if method in {"GET", "DELETE"} else typed(BODIES.get(operation, {}), f"{j.woman.name} said so")
        headers = {"if-match": "*"} if method in {"PUT", "PATCH"} else None
        j.ask(who[(place + turn) % len(who)], method, path.format(**known), body, headers=headers)
