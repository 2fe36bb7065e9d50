"""What the twin answers to each action, in the shapes of the public API."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.gateway.upstream_directory import DIRECTORY
from tests.gateway.upstream_drafts import draft, keep, lines, open_redirected, send_draft
from tests.gateway.upstream_figures import (
    COMING,
    MEASURES,
    approve,
    build,
    changes,
    explanation,
    figures,
    own_figures,
    withdraw,
)
from tests.gateway.upstream_files import FILES
from tests.gateway.upstream_hers import HERS
from tests.gateway.upstream_needs import (
    enter_screening_in_error,
    group_session,
    identify_need,
    list_contacts,
    list_needs,
    list_screenings,
    need,
    of_planned,
    one_contact,
    plan_contact,
    record_screening,
)
from tests.gateway.upstream_people import PEOPLE
from tests.gateway.upstream_steps import (
    ENDED,
    Answer,
    agency_of,
    contact,
    handoff,
    is_unread,
    named,
    once,
    referral,
    shown,
    step,
    subject_of,
)
from tests.gateway.upstream_targets import FIGURES, TARGETS
from tests.gateway.upstream_twin import HUB, NORTH, Json, Twin, problem, reference, stamp
from tests.gateway.upstream_visits import appointment, book, planned, visited
from tests.gateway.upstream_visits import shown as visit_shown
from tests.gateway.upstream_voice import voice


def get_referral(twin: Twin, request: Request, asked: Json) -> Response:
    found = referral(twin, request)
    if not found:
        return problem(404, "not-found")
    agency = agency_of(request)
    visits = [visit_shown(twin, each, agency) for each in found["appointments"]]
    return JSONResponse({**shown(found, agency, asked), "appointments": visits})


def given(twin: Twin, request: Request, _: Json) -> Response:
    found = referral(twin, request)
    if not found or found["to"]["agency"] != agency_of(request) or found["state"] == "declined":
        return problem(404, "not-found")
    who = twin.clients[found["client"]["client"]]
    names = [{"given": who["given"], "family": who["family"]}]
    fields = {"name": names, "phones": ["555 010 0134"], "language": "es"}
    plan = twin.plans.get(found["client"]["client"])
    return JSONResponse({"fields": fields, "note": {"text": "Works mornings."}, "safe_contact_plan": plan})


def unread(text: str) -> bool:
    """As the API has it of a text of one line: too long, or with a character that nobody sees."""
    return not 0 < len(text) <= 200 or "\u200b" in text


def unread_at(*pointers: str) -> Response:
    return problem(422, "malformed", errors=[{"pointer": each, "code": "x", "message": "m"} for each in pointers])


def unread_of(identity: Json) -> list[str]:
    """Where an identity cannot be read: a part of a name, or a phone that holds no digit."""
    names = [f"/names/0/{part}" for part, text in identity["names"][0].items() if unread(text)]
    phones = identity.get("phones", [])
    return names + [f"/phones/{at}" for at, text in enumerate(phones) if not any(sign.isdigit() for sign in text)]


def send_referral(twin: Twin, request: Request, body: Json) -> Response:
    if body.get("draft"):
        return keep(twin, body)
    if body.get("identity", {}).get("names") and (wrong := unread_of(body["identity"])):
        return unread_at(*(f"/identity{pointer}" for pointer in wrong))
    if "if-match" in request.headers:
        return problem(412, "precondition-failed", version=0)
    if body["consent"] == {}:
        return problem(403, "consent-missing")
    who = body.get("identity", {}).get("names", [{}])[0]
    client = body.get("client") or twin.register(who.get("given", ""), who.get("family", ""))
    id = twin.send(named(agency_of(request)), named(body["to"]["agency"]), body["category"], client)
    return JSONResponse({"referral": id, "client": client, "state": "sent", "due": None, "version": 1}, 201)


def register_client(twin: Twin, request: Request, body: Json) -> Response:
    if body["names"] and (wrong := unread_of(body)):
        return unread_at(*wrong)
    if "if-match" in request.headers:
        return problem(412, "precondition-failed", version=0)
    who = body["names"][0]
    return JSONResponse({"client": twin.register(who.get("given", ""), who.get("family", ""))}, 201)


def keyed(answer: Answer) -> Answer:
    """The first answer again for a key that came before."""
    return lambda twin, request, body: once(twin, request, lambda: answer(twin, request, body))


def words_of(twin: Twin, found: Json) -> Json:
    plan = twin.plans.get(found["client"]["client"], {})
    paused = twin.outreach.get(found["client"]["client"]) == "paused"
    prohibited = plan.get("contact_prohibited", False)
    modes = plan.get("modes", [])
    return {"safe_contact": plan.get("words"), "contact_modes": modes, "contact_prohibited": prohibited,
            "outreach_paused": paused}  # fmt: skip


def in_list(found: Json, agency: str) -> Json:
    """A referral or handoff as a list shows it: of what nobody there has opened it does not say who she is (R11)."""
    if found["to"]["agency"] != agency or found["state"] not in {"sent", "offered"} or not found.get("client"):
        return found
    nothing: Json = {"safe_contact": None, "contact_modes": [], "contact_prohibited": False}
    return {**found, "client": {**found["client"], "name": None}, **(nothing if "waits_for" in found else {})}


def list_work(twin: Twin, request: Request, _: Json) -> Response:
    agency = agency_of(request)
    items = []
    for found in twin.referrals.values():
        ours = found["to"]["agency"] == agency
        theirs = found["to"]["channel"] == "letter" and found["from"]["agency"] == agency
        waiting = {"sent": "answer", "received": "answer", "accepted": "contact"}
        waits = waiting.get(found["state"]) if ours or theirs else None
        if found["from"]["agency"] == agency and found["state"] in ENDED and not found["facts"]["closed"]["yes"]:
            waits = "acknowledge"
        if waits:
            items.append({**found, "kind": "referral", "id": found["referral"], "waits_for": waits,
                          **words_of(twin, found)})  # fmt: skip
    for found in twin.handoffs.values():
        waits = {"offered": "answer"}.get(found["state"]) if found["to"]["agency"] == agency else None
        if found["from"]["agency"] == agency and is_unread(found):
            waits = "acknowledge"
        if waits:
            items.append({**found, "kind": "handoff", "id": found["handoff"], "waits_for": waits,
                          "sent_at": found["proposed_at"], **words_of(twin, found)})  # fmt: skip
    for found in twin.referrals.values():
        for each in found["appointments"] if found["to"]["agency"] == agency else ():
            if each["state"] == "booked":
                items.append({**found, **each, "kind": "appointment", "id": each["appointment"], "waits_for": "visit",
                              "due": each["due_at"], "overdue": False, "safe_contact": None,
                              "client": found["client"]})  # fmt: skip
    items += asked_items(twin, agency)
    items = [in_list(item, agency) for item in items]
    for item in items:
        item["claim"] = claim_of(twin, request, item["id"])
    kind, overdue = request.query_params.get("kind"), request.query_params.get("overdue")
    counts = {name: sum(item["waits_for"] == name for item in items) for name in KINDS}
    mine = [item for item in items if item["claim"] and item["claim"]["mine"]]
    counts |= {"mine": len(mine), "all": len(items), "overdue": sum(item["overdue"] for item in items)}
    wanted = [item for item in items if (not kind or item["waits_for"] == kind) and (not overdue or item["overdue"])]
    if request.query_params.get("claimed") == "mine":
        wanted = mine
    due = None if wanted else stamp(twin.now + timedelta(days=2))
    since, limit = (int(request.query_params.get(name) or usual) for name, usual in (("cursor", 0), ("limit", 50)))
    following = f"/v1/work?cursor={since + limit}" if since + limit < len(wanted) else None
    wanted = wanted[since : since + limit]
    return JSONResponse({"items": wanted, "counts": counts, "next": following, "next_due": due})


def claim_of(twin: Twin, request: Request, id: str) -> Json | None:
    """Who claimed it; the twin believes the token about who asks."""
    found = twin.claims.get(id)
    return {**found, "mine": found["person"] == subject_of(request)} if found else None


def claim(twin: Twin, request: Request, _: Json) -> Response:
    id, step, who = request.path_params["work"], request.url.path.rpartition("/")[2], subject_of(request)
    held = twin.claims.get(id)
    if step != "take-over" and held and held["person"] != who:
        return problem(409, "work-already-claimed", stands="claimed")
    twin.claims.pop(id, None)
    if step != "release":
        until = stamp(twin.now + timedelta(days=1))
        twin.claims[id] = {"person": who, "name": who.title(), "since": stamp(twin.now), "until": until}
    return JSONResponse({"id": id, "claim": claim_of(twin, request, id)})


def list_claims(twin: Twin, request: Request, _: Json) -> Response:
    items = [{"kind": "referral", "id": id, "waits_for": "answer", "due": None, "claim": claim_of(twin, request, id)}
             for id in twin.claims]  # fmt: skip
    return JSONResponse({"items": items})


def list_staff(twin: Twin, request: Request, _: Json) -> Response:
    people = [
        ("greta-example", "Greta Example", ["staff"], 4, 3),
        ("ada-example", "Ada Example", ["agency_admin"], 0, 0),
    ]
    people += [(who, who.title(), ["staff"], 0, 0) for who in twin.colleagues]
    names = ("subject", "name", "roles", "held", "open_clients")
    return JSONResponse({"items": [dict(zip(names, each, strict=True)) for each in people]})


def list_held(twin: Twin, request: Request, body: Json) -> Response:
    """What Greta looks after: one of each kind."""
    ids = [*twin.referrals, *twin.handoffs][: 0 if body["person"] != "greta-example" or twin.handed_on else 2]
    told = (("referral", "transportation-insecurity", None), ("episode", None, "doula"))
    items = [
        {"kind": kind, "id": id, "client": None, "state": "accepted", "waits_for": "contact", "category": category,
         "domain": domain, "since": stamp(twin.now), "due": stamp(twin.now), "claimed": kind == "referral"}
        for id, (kind, category, domain) in zip(ids, told, strict=False)
    ]  # fmt: skip
    return JSONResponse({"person": body["person"], "items": items, "more": False})


def hand_on(twin: Twin, request: Request, body: Json) -> Response:
    twin.handed_on = "work" not in body
    return list_held(twin, request, {"person": body["from"]})


def list_watch(twin: Twin, request: Request, _: Json) -> Response:
    found = [twin.referrals[id] for id in twin.watched]
    names = ("referral", "client", "from", "to", "state", "sent_at", "due", "overdue")
    items = [{name: each[name] for name in names} | {"service": "s", "waits_for": "answer"} for each in found]
    return JSONResponse({"items": items})


def list_referrals(twin: Twin, request: Request, _: Json) -> Response:
    if request.query_params["box"] == "drafts":
        return JSONResponse(lines(twin))
    side = "to" if request.query_params["box"] == "inbox" else "from"
    agency = agency_of(request)
    asked = request.query_params
    items = [found for found in twin.referrals.values() if found[side]["agency"] == agency]
    items = [each for each in items if asked.get("status") in {None, each["state"]}]
    items = [each for each in items if asked.get("category") in {None, each["category"]}]
    return JSONResponse({"items": [in_list(each, agency) for each in items], "next": None})


def search_referrals(twin: Twin, request: Request, body: Json) -> Response:
    if unread(body["text"]):
        return unread_at("/text")
    mine = agency_of(request)
    items = [each for each in twin.referrals.values() if mine in {each["from"]["agency"], each["to"]["agency"]}]
    found = [each for each in items if body["text"].casefold() in str(in_list(each, mine)["client"]["name"]).casefold()]
    return JSONResponse({"items": found, "next": None})


def search(twin: Twin, _: Request, body: Json) -> Response:
    if unread(body["text"]):
        return unread_at("/text")
    words = body["text"].casefold().split()
    found = [twin.named(client) for client in twin.clients]
    items = [item for item in found if all(word in item["name"].casefold() for word in words)]
    return JSONResponse({"items": items})


def leads(twin: Twin) -> list[Json]:
    """Whom the twin's one client has: the clinic, and for birth support nobody of whom may be told."""
    since = stamp(twin.now)
    return [
        {"responsibility": "b" * 26, "domain": "primary_care_coordination", "since": since, "basis": "intake", **NORTH}
    ]


def her(answer: Callable[[Twin, str, Json], Any], status: int = 200) -> Answer:
    def checked(twin: Twin, request: Request, body: Json) -> Response:
        client = request.path_params["client"]
        if client not in twin.clients:
            return problem(404, "not-found")
        return JSONResponse(answer(twin, client, body), status)

    return checked


def record_consent(twin: Twin, client: str, body: Json) -> Json:
    """What she said is kept as it was said, with what the API adds."""
    kept = {
        "consent": reference(), "client": client, "state": "agreed" if body["agreed"] else "refused", "ended_on": None,
        "overruled": None, "acknowledged": False, "expires": None, "recorded_at": stamp(twin.now), "version": 1, **body,
    }  # fmt: skip
    twin.consents.append(kept)
    return {name: kept[name] for name in ("consent", "client", "version")}


def plan_safe_contact(twin: Twin, client: str, body: Json) -> Json:
    twin.plans[client] = {**body, "client": client, "planned_at": stamp(twin.now), "version": 1}
    return {"client": client, "version": 1}


def contact_plan(twin: Twin, client: str, _: Json) -> Json:
    items = [each for each in twin.promised if each["client"] == client]
    return {"client": client, "safe_contact": twin.plans.get(client, {"planned_at": None}), "items": items}


def a_consent(step: str) -> Answer:
    """One of those that were recorded: read, changed or taken back."""

    def answer(twin: Twin, request: Request, body: Json) -> Response:
        found = next((each for each in twin.consents if each["consent"] == request.path_params["consent"]), None)
        if found is None:
            return problem(404, "not-found")
        if step == "change":
            found |= body
        if step == "acknowledge":
            found |= {"acknowledged": True}
        if step in {"revoke", "entered-in-error"}:
            state = "revoked" if step == "revoke" else "entered_in_error"
            found |= {"state": state, "ended_on": twin.now.date().isoformat()}
        return JSONResponse(found)

    return answer


def identity(twin: Twin, client: str, _: Json) -> Json:
    who = twin.clients[client]
    return {"client": client, "names": [who], "birth_date": None, "phones": ["555 010 0134"], "address": None,
            "language": "es", "medi_cal_cin": None, "mrn": None}  # fmt: skip


def timeline(twin: Twin, client: str, _: Json) -> Json:
    entries = [{**event, "event": reference(), "subject": {"kind": "referral", "id": found["referral"]}}
               for found in twin.referrals.values() if found["client"]["client"] == client
               for event in found["history"]]  # fmt: skip
    entries += [{**event, "subject": None} for each in twin.written if each["client"] == client
                for event in each["history"]]  # fmt: skip
    entries = [{"shared": False, **entry} for entry in [*entries, *twin.shared.get("entries", [])]]
    lead = {"domain": "primary_care_coordination", **HUB, "since": stamp(twin.now), "basis": "intake"}
    return {"client": client, "entries": entries, "leads": [lead], "overdue": twin.late, "agencies": [NORTH, HUB],
            "up_to": stamp(twin.now), "standing": "There may be more that is not shown to you",
            "agreed": [], "restricted": [], "guarded": False, "unnamed": [],
            **{name: each for name, each in twin.shared.items() if name != "entries"}}  # fmt: skip


KINDS = ("answer", "contact", "acknowledge", "question")
ANSWERED = {
    "sender": NORTH["name"],
    "service": "Diapers",
    "state": "accepted",
    "open": ["met", "ended"],
    "safe_contact_plan": None,
}


def asked_of(twin: Twin, request: Request) -> list[Json]:
    """The questions as this agency reads them."""
    ours = agency_of(request)
    return [{**each, "mine": each["asked_by"]["agency"] != ours} for each in twin.questions]


def asked_items(twin: Twin, agency: str) -> list[Json]:
    """Questions that wait for an agency's answer."""
    found = []
    for each in twin.questions:
        about = {**twin.referrals, **twin.handoffs}[each["about"]]
        sides = [about["from"], about["to"]]
        asker, other = sides if each["asked_by"]["agency"] == sides[0]["agency"] else reversed(sides)
        if other["agency"] == agency and each["answer"] is None:
            kind = "referral" if each["about"] in twin.referrals else "handoff"
            found.append({**about, "kind": "question", "id": each["id"], "waits_for": "question", "state": "asked",
                          "subject": {"kind": kind, "id": each["about"]}, "from": asker, "to": other, "overdue": False,
                          "sent_at": stamp(twin.now), "due": stamp(twin.now + timedelta(days=1)),
                          **words_of(twin, about)})  # fmt: skip
    return found


def ask(twin: Twin, request: Request, body: Json) -> Response:
    ((_, about),) = request.path_params.items()
    twin.questions.append({"question": reference(), "asked_by": named(agency_of(request)), "text": body["text"],
                           "asked_at": stamp(twin.now), "answer": None, "answered_at": None, "about": about,
                           "id": about[:-1] + "f"})  # fmt: skip
    return JSONResponse({"question": twin.questions[-1]["question"]}, 201)


def reply(twin: Twin, request: Request, body: Json) -> Response:
    found = next(each for each in twin.questions if each["question"] == request.path_params["question"])
    found |= {"answer": body["text"], "answered_at": stamp(twin.now)}
    return JSONResponse({"question": found["question"]})


def answer_letter(twin: Twin, _: Request, body: Json) -> Response:
    """One letter, abcdefgh, with the code 222333."""
    if (body["letter"], body["code"].replace(" ", "")) != ("abcdefgh", "222333"):
        return problem(404, "not-found")
    first = {**ANSWERED, "state": "sent", "open": ["accept", "decline"], "safe_contact_plan": twin.letter_plan}
    if body.get("step") and twin.refuses_answer is not None:
        return twin.refuses_answer
    return JSONResponse(ANSWERED if body.get("step") else first)


ANSWERS: dict[str, Answer] = {
    "get_me": lambda twin, request, body: JSONResponse({"agency": agency_of(request)}),
    "list_initiatives": lambda twin, request, body: JSONResponse({"items": []}),
    "register_client": keyed(register_client),
    "search_clients": search,
    "get_identity": her(identity),
    **PEOPLE,
    **HERS,
    "record_consent": her(record_consent, 201),
    "plan_safe_contact": her(plan_safe_contact, 201),
    "get_contact_plan": her(contact_plan),
    "plan_contact": her(plan_contact, 201),
    "get_contact": one_contact,
    "list_contacts": her(list_contacts),
    "amend_contact": one_contact,
    "take_back_contact": one_contact,
    "enter_contact_in_error": one_contact,
    "record_planned_contact": of_planned,
    "cancel_contact": of_planned,
    "record_group_session": keyed(group_session),
    "list_needs": her(list_needs),
    "identify_need": her(identify_need, 201),
    "get_need": need,
    "resolve_need": need,
    "enter_need_in_error": need,
    "record_screening": her(record_screening, 201),
    "list_screenings": her(list_screenings),
    "enter_screening_in_error": enter_screening_in_error,
    "get_consent": a_consent("read"),
    "change_consent": a_consent("change"),
    "acknowledge_consent": a_consent("acknowledge"),
    "revoke_consent": a_consent("revoke"),
    "enter_consent_in_error": a_consent("entered-in-error"),
    "list_consents": her(lambda twin, client, body: {"items": twin.consents}),
    "record_contact": contact,
    "get_timeline": her(timeline),
    "list_responsibility": her(lambda twin, client, body: {"items": leads(twin), "next": None}),
    "take_responsibility": her(lambda twin, client, body: leads(twin)[0] | body, 201),
    "leave_responsibility": lambda twin, request, body: JSONResponse({"leads": HUB["agency"]}),
    "propose_handoff": her(lambda twin, client, body: {"handoff": twin.propose(HUB, NORTH, client)}, 201),
    "send_referral": keyed(send_referral),
    "list_referrals": list_referrals,
    "search_referrals": search_referrals,
    "get_referral": get_referral,
    "get_referral_given": given,
    "get_referral_letter": lambda twin, request, body: Response(b"%PDF-1.7", media_type="application/pdf"),
    "answer_for_receiver": lambda twin, request, body: JSONResponse(ANSWERED),
    "answer_letter": answer_letter,
    "list_referral_questions": lambda twin, request, body: JSONResponse({"items": asked_of(twin, request)}),
    "list_handoff_questions": lambda twin, request, body: JSONResponse({"items": asked_of(twin, request)}),
    "ask_about_referral": ask,
    "ask_about_handoff": ask,
    "answer_question": reply,
    **FILES,
    "receive_referral": step("receive"),
    "accept_referral": step("accept"),
    "decline_referral": step("decline"),
    "waitlist_referral": step("waitlist"),
    "redirect_referral": step("redirect"),
    "open_redirected": open_redirected,
    "cancel_referral": step("cancel"),
    "request_referral_cancellation": step("request-cancellation"),
    "confirm_referral_cancellation": step("confirm-cancellation"),
    "complete_referral": step("complete"),
    "acknowledge_referral": step("acknowledge"),
    "close_referral": step("close"),
    "attest_referral": step("attest"),
    "take_back_referral": step("take-back"),
    "enter_referral_in_error": step("entered-in-error"),
    "get_referral_feedback": voice,
    "ask_referral_feedback": voice,
    "answer_referral_feedback": voice,
    "book_appointment": book,
    "get_appointment": appointment,
    "list_appointments": her(planned),
    "reschedule_appointment": visited("booked"),
    "attend_appointment": visited("attended"),
    "miss_appointment": visited("no_show"),
    "cancel_appointment": visited("cancelled"),
    "take_back_appointment": visited("booked"),
    "enter_appointment_in_error": visited("entered_in_error"),
    "get_handoff": handoff,
    "get_handoff_given": handoff,
    "client_agrees_handoff": handoff,
    "offer_handoff": handoff,
    "accept_handoff": handoff,
    "decline_handoff": handoff,
    "get_draft": draft,
    "change_draft": draft,
    "delete_draft": draft,
    "send_draft": send_draft,
    "client_declines_handoff": handoff,
    "withdraw_handoff": handoff,
    "introduce_handoff": handoff,
    "acknowledge_handoff": handoff,
    "take_back_handoff": handoff,
    "list_work": list_work,
    "claim_work": claim,
    "release_work": claim,
    "take_over_work": claim,
    "list_claims": list_claims,
    "list_watch": list_watch,
    "list_staff": list_staff,
    "list_held": list_held,
    "hand_on": hand_on,
    **DIRECTORY,
    "list_measures": lambda twin, request, body: JSONResponse({"items": MEASURES, "next": None}),
    "list_releases": lambda twin, request, body: JSONResponse(
        {
            "items": twin.releases,
            "coming": COMING if twin.coming is None else twin.coming,
            "buildable": twin.buildable,
            "next": None,
        }
    ),
    "get_release_figures": figures,
    "list_release_changes": changes,
    "explain_release_figure": explanation,
    "build_release": build,
    "approve_release": approve,
    "withdraw_release": withdraw,
    "get_agency_figures": own_figures,
    "list_targets": lambda twin, request, body: JSONResponse({"items": TARGETS, "next": None}),
    "list_population_figures": lambda twin, request, body: JSONResponse({"items": FIGURES, "next": None}),
}
