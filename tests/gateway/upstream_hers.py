"""What the twin answers to a client: the code that lets her in, the keys of her token, who saw her record."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.runtime.auth import OwnIssuer
from tests.gateway.upstream_twin import DIAPERS, DOULAS, HUB, NORTH, Json, Twin, problem, stamp

CODE = "ABC DEF GHJ KMN"
ISSUER = OwnIssuer(bytes(range(32)))
ALLOWED = {
    "consent": "c" * 26, "agreed_on": "2026-10-14", "how": "spoken", "purpose": "coordination", "ended_on": None,
}  # fmt: skip

ASKED: Json = {
    "agency": NORTH, "restricted": None, "asked_at": "2026-10-15T17:00:00Z", "text": "Why did they need my phone?",
    "due": "2026-11-14T17:00:00Z", "answer": None, "answered_at": None,
}  # fmt: skip
ANSWERED: Json = {"agency": DOULAS, "answer": "To ring you first.", "answered_at": "2026-10-20T17:00:00Z"}
FOUND: Json = {
    "agency": NORTH, "restricted": None, "due": "2026-11-14T17:00:00Z", "finding": "not_appropriate",
    "answer": "The number would have been enough.", "answered_at": "2026-10-20T17:00:00Z",
}  # fmt: skip
NOT_YET: Json = {**FOUND, "agency": DOULAS, "finding": None, "answer": None, "answered_at": None}
UNNAMED: Json = {**FOUND, "agency": DIAPERS, "restricted": "behavioral", "finding": "appropriate"}
WAITING: Json = {
    "inquiry": "q" * 26, "cause": "question", "client": {"client": "a" * 26, "name": "Nora Example"},
    "disclosure": None, "asked_at": "2026-10-15T17:00:00Z", "due": "2026-11-14T17:00:00Z", "overdue": False,
    "by": None, "reason": None, "text": ASKED["text"], "answer": None, "answered_at": None, "finding": None,
}  # fmt: skip


def disclosed(kind: str, **more: Any) -> Json:
    """One entry of her list."""
    plain: Json = {
        "disclosure": "d" * 26,
        "at": stamp(datetime.now(UTC) - timedelta(days=1)),
        "kind": kind,
        "to": DOULAS,
        "by": NORTH,
        "fields": [],
        "category": None,
        "domain": None,
        "restricted": None,
        "by_restricted": None,
        "allowed": ALLOWED,
        "exception": None,
        "emergency": None,
        "reason": None,
        "asked": [],
        "findings": [],
    }
    return plain | more


LIST = [
    disclosed("timeline", to=HUB, by=None),
    disclosed("read", fields=["name", "phones"], category="doula", asked=[ASKED, {**ASKED, **ANSWERED}]),
    disclosed("letter", fields=["name"], category="doula"),
    disclosed("referral", fields=["name"], category="substance-use-treatment", restricted="part2"),
    disclosed(
        "referral",
        allowed=None,
        exception="emergency",
        reason="She came to the emergency room.",
        findings=[FOUND, NOT_YET],
    ),
    disclosed("break_glass", to=HUB, by=None, allowed=None),
    disclosed(
        "opened",
        to=HUB,
        by=None,
        allowed=None,
        exception="emergency",
        emergency="danger",
        reason="Nobody could ask her.",
        findings=[UNNAMED],
    ),
    disclosed("erased", to=NORTH, by=None, allowed=None),
]


def open_access(twin: Twin, _: Request, asked: Json) -> Response:
    if asked["code"].replace(" ", "").upper() != CODE.replace(" ", ""):
        return problem(404, "not-found")
    now = datetime.now(UTC)
    claims = {"sub": twin.nora, "initiative": "fresno-ptbi", "agency": NORTH["agency"], "roles": ["client"]}
    until = now + timedelta(minutes=30)
    given = {"token": ISSUER.issue(claims, now, until), "expires_at": stamp(until), "client": twin.nora}
    return JSONResponse(given | {"restricted": twin.unnamed})


def list_access_keys(_: Twin, __: Request, ___: Json) -> Response:
    return JSONResponse(ISSUER.keys())


def give_access_code(_: Twin, __: Request, ___: Json) -> Response:
    until = datetime.now(UTC) + timedelta(days=7)
    return JSONResponse({"code": CODE, "expires_at": stamp(until)}, 201)


def list_disclosures(_: Twin, __: Request, ___: Json) -> Response:
    return JSONResponse({"items": LIST, "next": None})


def helping(
    agency: Json,
    *needs: tuple[str, str],
    restricted: str | None = None,
    unasked: Mapping[str, list[str]] = MappingProxyType({}),
    **more: Any,
) -> Json:
    """One who helps her, each need with how it stands; `unasked`: what went without her yes, by need."""
    reached = {
        "on_system": True,
        "phones": [
            {"number": "559 555 0148 x12", "description": "answered 8 am to 5 pm", "type": "voice"},
            {"number": "559 555 0149", "description": None, "type": "fax"},
        ],
        "addresses": [
            {"address_1": "500 Sample Street", "city": "Exampleville", "state_province": "CA", "postal_code": "93700"}
        ],
    }
    helps = [
        {
            "state": state,
            "since": "2026-10-14T17:00:00Z",
            "category": need,
            "domain": None,
            "exception": "emergency" if need in unasked else None,
            "unasked": unasked.get(need, []),
        }
        for need, state in needs
    ]
    plain: Json = {"agency": agency | reached, "restricted": restricted, "registered": False, "leads": [],
                   "helps_with": helps, "fields": ["name", "phones"], "kinds": []}  # fmt: skip
    return plain | more


HELPERS = [
    helping(HUB, leads=["primary_care_coordination"], kinds=["physical_health", "housing"]),
    helping(NORTH, registered=True, fields=[]),
    helping(
        DOULAS,
        *(("doula", "accepted"), ("wic", "accepted"), ("childbirth_education", "accepted"), ("lactation", "asked")),
        unasked={"wic": ["name", "birth_date"]},
    ),
    helping(DIAPERS, ("behavioral_health", "waitlisted"), restricted="behavioral", kinds=["behavioral_health"]),
]


def ask_about_disclosure(_: Twin, __: Request, ___: Json) -> Response:
    return JSONResponse({"inquiry": "q" * 26}, 201)


def list_inquiries(twin: Twin, request: Request, __: Json) -> Response:
    done = {**WAITING, "cause": "exception", "inquiry": "p" * 26, "answer": "She could not be asked.",
            "answered_at": "2026-10-20T17:00:00Z", "finding": "appropriate", "text": "She came to the emergency room.",
            "disclosure": LIST[4]}  # fmt: skip
    operated = {"client": {"client": "a" * 26, "name": None}, "by": "operator", "text": None}
    waiting = [
        WAITING | {"disclosure": LIST[1]},
        {**done, "answer": None, "answered_at": None, "finding": None},
        WAITING | operated | {"inquiry": "o" * 26, "cause": "erasure", "reason": "wrong_person", "disclosure": LIST[7]},
        WAITING | operated | {"inquiry": "h" * 26, "cause": "hold", "reason": "legal_case"},
        WAITING | operated | {"inquiry": "r" * 26, "cause": "hold_released"},
    ]
    answered = request.query_params.get("answered") == "true"
    later = request.query_params.get("cursor") == "part2"
    in_all = len(waiting)
    if twin.long_queue:
        waiting = waiting[1:] if later else waiting[:1]
    more = twin.long_queue and not (answered or later)
    following = "/v1/inquiries?limit=20&cursor=part2" if more else None
    return JSONResponse({"items": [done] if answered else waiting, "next": following, "waiting": in_all})


def answer_inquiry(_: Twin, request: Request, __: Json) -> Response:
    return JSONResponse({"inquiry": request.path_params["inquiry"]})


def break_glass(twin: Twin, _: Request, asked: Json) -> Response:
    before = twin.emergencies.get(asked["code"])
    if before is not None and before["reason"] != asked["reason"]:
        return problem(409, "emergency-already-open", stands="open")
    twin.glass = stamp(twin.now + timedelta(hours=3))
    twin.emergencies[asked["code"]] = {"reason": asked["reason"], "until": twin.glass}
    return JSONResponse({"client": asked["client"], "code": asked["code"], "break_glass_until": twin.glass}, 201)


HERS: dict[str, Callable[[Twin, Request, Json], Response]] = {
    "open_access": open_access,
    "list_access_keys": list_access_keys,
    "give_access_code": give_access_code,
    "print_disclosures": lambda twin, request, body: Response(b"%PDF-1.7", media_type="application/pdf"),
    "list_disclosures": list_disclosures,
    "list_helpers": lambda twin, request, body: JSONResponse({"items": HELPERS}),
    "break_glass": break_glass,
    "ask_about_disclosure": ask_about_disclosure,
    "list_inquiries": list_inquiries,
    "answer_inquiry": answer_inquiry,
}
