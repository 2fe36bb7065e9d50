"""Owns how a step of a made-up journey is asked of the public API, and what is learnt from the answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, assert_never

from contracts.vocabulary import Instrument, ScreeningResult
from deploy.simulator import asides, steps
from deploy.simulator.people import Person

Body = Mapping[str, Any]
PROMISED_AHEAD = timedelta(days=2)


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """One call by an agency; `body` None is a GET."""

    agency: str
    path: str
    body: Body | None


@dataclass
class Handles:
    """What the API calls things: the client and her pregnancy for each agency, all else by the journey's words."""

    clients: dict[str, str] = field(default_factory=dict)
    episodes: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def to_read_after(step: steps.AnyStep, handles: Handles) -> Request | None:
    """What an agency reads next: whoever has accepted learns its own reference of her."""
    match step:
        case steps.Accept():
            return Request(step.agency, f"/v1/referrals/{handles.names[step.name]}", None)
        case steps.AcceptHandoff():
            return Request(step.agency, f"/v1/handoffs/{handles.names[step.name]}", None)
        case _:
            return None


def request_of(step: steps.AnyStep, handles: Handles, today: date) -> Request:
    """The call of a step. KeyError where it relies on what the API did not give."""
    match step:
        case steps.Register():
            return Request(step.agency, "/v1/clients", _identity(step.person, step.number))
        case steps.Open():
            return Request(step.agency, f"{_client(step, handles)}/episodes", {})
        case steps.Date():
            dated = {"edd": step.edd.isoformat(), "basis": step.basis}
            return Request(step.agency, f"/v1/episodes/{handles.episodes[step.agency]}/date", dated)
        case steps.Pause():
            return Request(step.agency, f"{_client(step, handles)}/pause", {})
        case steps.Resume():
            return Request(step.agency, f"{_client(step, handles)}/resume", {})
        case steps.Lose():
            return Request(step.agency, f"/v1/episodes/{handles.episodes[step.agency]}/lost", {})
        case steps.EndCare():
            return Request(step.agency, f"/v1/episodes/{handles.episodes[step.agency]}/close", {})
        case steps.BeginCare() if step.on <= today:
            day = {"on": step.on.isoformat()}
            return Request(step.agency, f"/v1/episodes/{handles.episodes[step.agency]}/prenatal-care", day)
        case steps.OfPregnancy():
            raise KeyError("its day does not come within seconds")
        case steps.OfPerson():
            raise KeyError("the clock does it, or it is stated on a version that was read")
        case steps.Consent():
            return Request(step.agency, f"{_client(step, handles)}/consents", _consent(step, today))
        case steps.Send(parent=str()):
            raise KeyError("its draft stands on a page that is read")
        case steps.Send():
            return Request(step.agency, "/v1/referrals", _sent(step, handles))
        case steps.Screen():
            return Request(step.agency, f"{_client(step, handles)}/screenings", _screening(step))
        case steps.Promise():
            ahead = {"mode": step.mode, "planned_for": f"{today + PROMISED_AHEAD}T20:00:00Z"}
            return Request(step.agency, f"{_client(step, handles)}/contact-plan", ahead)
        case steps.Contact() if step.name in handles.names:
            return Request(step.agency, f"/v1/contacts/{handles.names[step.name]}/record", _contact(step, handles))
        case steps.Contact():
            return Request(step.agency, f"{_client(step, handles)}/contacts", _contact(step, handles))
        case steps.Propose():
            body = {"to": step.to_agency, "domain": step.domain, "kind": step.kind}
            return Request(step.agency, f"{_client(step, handles)}/handoffs", body)
        case steps.Book():
            coming = {"due_at": f"{today + PROMISED_AHEAD}T20:00:00Z"}
            return Request(step.agency, f"/v1/referrals/{handles.names[step.referral]}/appointments", coming)
        case steps.OfVisit():
            raise KeyError("its time does not come within seconds")
        case steps.Revoke():
            return Request(step.agency, f"/v1/consents/{handles.names[step.name]}/revoke", {"how": step.how})
        case steps.Plan():
            plan = {"modes": step.modes, "words": step.words}
            return Request(step.agency, f"{_client(step, handles)}/safe-contact-plan", plan)
        case steps.Stop():
            path = f"{_client(step, handles)}/{step.cause.replace('_', '-')}"
            return Request(step.agency, path, {"all_agencies": step.everything})
        case steps.Aside():
            return Request(step.agency, *asides.call_of(step, handles.names))
        case steps.OfReferral():
            verb, said = _referral(step, handles)
            return Request(step.agency, f"/v1/referrals/{handles.names[step.name]}/{verb}", said)
        case steps.OfVoice():
            asked, said = _voice(step)
            return Request(step.agency, f"/v1/referrals/{handles.names[step.name]}/{asked}", said)
        case steps.OfHandoff():
            verb, said = _handoff(step, handles)
            return Request(step.agency, f"/v1/handoffs/{handles.names[step.name]}/{verb}", said)
        case _:
            assert_never(step)


def learn(step: steps.AnyStep, answer: Body, handles: Handles) -> None:
    """Keep what the API called what this step made, or whom it brought."""
    client = answer.get("client")
    if isinstance(client, Mapping):
        client = client.get("client")
    if isinstance(client, str):
        handles.clients.setdefault(step.agency, client)
    made = {steps.Consent: "consent", steps.Send: "referral", steps.Contact: "contact", steps.Propose: "handoff"}
    made[steps.Promise] = "contact"
    if isinstance(step, steps.Open) and "episode" in answer:
        handles.episodes[step.agency] = str(answer["episode"])
    kind = made.get(type(step))
    if kind and kind in answer:
        handles.names[getattr(step, "name", "")] = str(answer[kind])


def _client(step: steps.Step, handles: Handles) -> str:
    return f"/v1/clients/{handles.clients[step.agency]}"


def _identity(person: Person, number: str | None) -> Body:
    body: dict[str, Any] = {
        "names": [{"given": person.given, "family": person.family}],
        "birth_date": person.birth_date.isoformat(),
        "language": person.language,
    }
    if person.phone:
        body["phones"] = [person.phone]
    if person.address:
        body["address"] = dict(zip(("line", "city", "zip"), person.address, strict=True))
    if number:
        body["mrn"] = number
    return body


def _consent(step: steps.Consent, today: date) -> Body:
    body: dict[str, Any] = {"agreed": step.agreed, "how": step.how, "on": today.isoformat()}
    body |= {"fields": step.fields if step.agreed else ()}
    return body | _there(recipient=step.recipient, category=step.category)


def _screening(step: steps.Screen) -> Body:
    if step.instrument in {Instrument.PRAPARE, Instrument.PRAPARE_SAFETY}:
        results = {step.category: step.result} | dict.fromkeys(step.others, ScreeningResult.NEGATIVE)
        domains = [{"category": category, "result": result} for category, result in results.items()]
        return {"instrument": Instrument.PRAPARE, "domains": domains}
    return {"instrument": step.instrument, "result": step.result}


def _sent(step: steps.Send, handles: Handles) -> Body:
    body: dict[str, Any] = {
        "client": handles.clients[step.agency],
        "to": {"agency": step.to_agency, "service": step.service},
        "category": step.category,
        "priority": step.priority,
        "mode": step.mode,
        "consent": {"id": handles.names[step.consent]},
    }
    return body | _there(note=step.note, supersedes=handles.names.get(step.supersedes or ""))


def _there(**said: Any) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value is not None}


def _contact(step: steps.Contact, handles: Handles) -> Body:
    body: dict[str, Any] = {"mode": step.mode, "outcome": step.outcome, "tags": step.tags}
    body |= _there(met=step.met, duration_min=step.duration_min)
    return body | {name: handles.names[word] for name in ("referral", "handoff") if (word := getattr(step, name))}


def _referral(step: steps.ReferralStep, handles: Handles) -> tuple[str, Body]:
    match step:
        case steps.Receive():
            return "receive", {}
        case steps.Accept():
            return "accept", {}
        case steps.Decline():
            return "decline", {"reason": step.reason}
        case steps.Waitlist():
            return "waitlist", {}
        case steps.Redirect():
            return "redirect", {"to": {"agency": step.to_agency, "service": step.service}, "reason": step.reason}
        case steps.Cancel():
            return "cancel", {"reason": step.reason}
        case steps.Close():
            return "close", {"reason": step.reason}
        case steps.TakeBack():
            return "take-back", {}
        case steps.Expire():
            raise KeyError("the clock does it, not a call")
        case steps.Complete():
            return "complete", {"outcome": step.outcome, "contact": handles.names[step.contact]}
        case steps.Acknowledge():
            return "acknowledge", {"channel": step.channel}
        case _:
            assert_never(step)


def _voice(step: steps.VoiceStep) -> tuple[str, Body]:
    match step:
        case steps.AskHer():
            return "feedback/ask", {}
        case steps.SheSaid():
            said = {"need_met": step.need_met, "respectful_care": step.respectful_care}
            return "feedback", {name: value for name, value in said.items() if value} or {"declined": True}
        case _:
            assert_never(step)


def _handoff(step: steps.HandoffStep, handles: Handles) -> tuple[str, Body]:
    match step:
        case steps.Agree():
            return "client-agrees", {"consent": {"id": handles.names[step.consent]}}
        case steps.Offer():
            return "offer", {}
        case steps.AcceptHandoff():
            return "accept", {}
        case steps.DeclineHandoff():
            return "decline", {"reason": step.reason}
        case steps.Introduce():
            return "introduce", {"client_present": step.client_present}
        case steps.Withdraw():
            return "withdraw", {"reason": step.reason}
        case steps.SheDeclines():
            return "client-declines", {}
        case steps.ReadHandoff():
            return "acknowledge", {}
        case steps.ExpireHandoff() | steps.FailHandoff():
            raise KeyError("the clock does it, not a call")
        case _:
            assert_never(step)
