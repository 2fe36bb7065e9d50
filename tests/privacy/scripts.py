"""Owns what happens on a journey: a dozen scripts that reach from the first call to the end, with errors on the way."""

import json
from typing import Any, Final
from urllib.parse import quote

from tests.days import SAID_ON, ago, ahead
from tests.privacy.anything import anything
from tests.privacy.journey import CLINIC, DOULAS, GROUP, HOUSING, HUB, PANTRY, STRANGERS, Journey, Walked
from tests.referrals.api.story import DOULA

HUB_VISITS: Final = {"agency": "sample-county-chw-hub", "service": "chw-hub-care-coordination"}
OTHER_VISITS: Final = {"agency": "specimen-family-center", "service": "family-center-home-visits"}
FIELDS: Final = ["name", "birth_date", "phones", "address", "language", "medi_cal_cin", "note"]
PNG: Final = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


def agreed(*fields: str) -> dict[str, Any]:
    return {"agreed": True, "how": "spoken", "on": SAID_ON, "fields": list(fields or FIELDS)}


def registered(j: Journey) -> str:
    return str(j.done(CLINIC, "/clients", j.woman.identity)["client"])


def sent(j: Journey, **more: Any) -> str:
    """A referral to the doulas, by her identity; its address."""
    wish = {"identity": j.woman.identity, "to": DOULA, "category": "doula", "note": j.woman.note}
    return f"/referrals/{j.done(CLINIC, '/referrals', wish | {'consent': agreed()} | more)['referral']}"


def look_on(j: Journey, *paths: str) -> None:
    """Who holds nothing of hers tries addresses, looks at a list, and searches for her by name, phone or number."""
    for path in j.chance.sample(paths, min(len(paths), 2)):
        j.tried(j.chance.choice(STRANGERS), "GET", path)
    typed = j.chance.choice((j.woman.name, j.woman.identity["phones"][0], j.woman.mrn))
    j.tried(j.chance.choice(STRANGERS), "POST", "/clients/search", {"text": typed})
    j.tried(HOUSING, "GET", j.chance.choice(("/work", "/referrals?box=inbox", "/watch", "/claims")))


def accepted(j: Journey) -> None:
    path = sent(j)
    j.seen(DOULAS, f"{path}/given")
    j.done(DOULAS, f"{path}/receive")
    j.done(DOULAS, f"{path}/accept")
    theirs = j.seen(DOULAS, path)["client"]["client"]
    met = {"mode": "home_visit", "outcome": "completed", "referral": path.split("/")[-1], "note": j.woman.note}
    contact = j.done(DOULAS, f"/clients/{theirs}/contacts", met)["contact"]
    j.done(DOULAS, f"{path}/complete", {"outcome": "service_received", "contact": contact})
    j.done(CLINIC, f"{path}/acknowledge")
    j.seen(DOULAS, f"/clients/{theirs}/timeline")
    look_on(j, path, f"{path}/given", f"/clients/{theirs}", f"/contacts/{contact}")


def declined(j: Journey) -> None:
    path = sent(j)
    j.seen(DOULAS, f"{path}/given")
    j.done(DOULAS, f"{path}/questions", {"text": f"Is it {j.woman.name}?"})
    j.done(DOULAS, f"{path}/decline", {"reason": "no_capacity"})
    j.tried(DOULAS, "GET", f"{path}/given")
    j.seen(CLINIC, path)
    look_on(j, path, f"{path}/questions")


def recorded(j: Journey) -> None:
    client = registered(j)
    path = f"/clients/{client}"
    j.seen(CLINIC, f"{path}/identity")
    j.ask(CLINIC, "POST", "/v1/clients/search", {"text": j.woman.name})
    j.done(CLINIC, f"{path}/identity", j.woman.identity | {"language": "es"}, "PUT", if_match="*")
    j.done(CLINIC, f"{path}/demographics", {"race_ethnicity": ["white"], "language": "es"}, "PUT", if_match="*")
    note = j.done(CLINIC, "/notes", {"client": client, "text": j.woman.note})["note"]
    j.seen(CLINIC, f"/notes/{note}")
    j.done(CLINIC, f"{path}/safe-contact-plan", {"modes": ["phone"], "words": j.woman.note[:150]})
    filed(j, client)
    look_on(j, path, f"{path}/identity", f"/notes/{note}", f"{path}/timeline", f"{path}/contact-plan")


def filed(j: Journey, client: str) -> None:
    """A file of hers, by a name that says who she is."""
    name = j.woman.file_name.encode()
    parts = [
        b'--x\r\nContent-Disposition: form-data; name="client"\r\n\r\n' + client.encode(),
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="' + name + b'"\r\n'
        b"Content-Type: image/png\r\n\r\n" + PNG + j.woman.note.encode(),
    ]
    raw = b"\r\n".join([*parts, b"--x--\r\n"])
    form = {"content-type": "multipart/form-data; boundary=x"}
    status, found = j.ask(CLINIC, "POST", "/v1/notes", raw=raw, headers=form)
    assert status == 201, found  # noqa: PLR2004
    j.ask(CLINIC, "GET", f"/v1/notes/{found['note']}/file")
    look_on(j, f"/notes/{found['note']}/file")


def pregnant(j: Journey) -> None:
    client = registered(j)
    path = f"/clients/{client}"
    episode = f"/episodes/{j.done(CLINIC, f'{path}/episodes')['episode']}"
    j.done(CLINIC, f"{episode}/date", {"edd": ahead(60), "basis": "lmp"})
    j.done(CLINIC, f"{episode}/prenatal-care", {"on": ago(20)})
    instrument = j.chance.choice(("epds", "phq_9", "ipv"))
    j.done(CLINIC, f"{path}/screenings", {"instrument": instrument, "result": "positive"})
    category = j.chance.choice(("doula", "food-insecurity", "intimate-partner-violence"))
    need = j.done(CLINIC, f"{path}/needs", {"category": category})["need"]
    ends: list[dict[str, Any]] = [{"how": "live_birth", "children": [{"live": True}]}, {"how": "miscarriage"}]
    j.done(CLINIC, f"{episode}/end", j.chance.choice(ends) | {"on": ago(1)})
    look_on(j, episode, f"/needs/{need}", f"{path}/screenings", f"{path}/episodes")


def handed_over(j: Journey) -> None:
    client = registered(j)
    j.done(CLINIC, f"/clients/{client}/episodes")
    wish = {"to": "sample-county-chw-hub", "domain": "primary_care_coordination", "kind": "cold", "note": j.woman.note}
    path = f"/handoffs/{j.done(CLINIC, f'/clients/{client}/handoffs', wish)['handoff']}"
    j.done(CLINIC, f"{path}/client-agrees", {"consent": agreed("name", "phones")})
    j.tried(HUB, "GET", path)
    j.done(CLINIC, f"{path}/offer")
    j.seen(HUB, f"{path}/given")
    if j.chance.random() < 0.5:  # noqa: PLR2004 - one way or the other
        j.done(HUB, f"{path}/accept")
        theirs = j.seen(HUB, path)["client"]["client"]
        met = {"mode": "phone", "outcome": "completed", "handoff": path.rsplit("/", maxsplit=1)[-1]}
        j.done(HUB, f"/clients/{theirs}/contacts", met)
    else:
        j.done(HUB, f"{path}/decline", {"reason": "no_capacity"})
        j.tried(HUB, "GET", f"{path}/given")
    look_on(j, path, f"{path}/given", f"/clients/{client}/responsibility")


def exception(j: Journey) -> None:
    """An emergency: the reason is typed, and goes to the vault."""
    said = {"exception": "emergency", "reason": f"{j.woman.name}: {j.woman.note}", "fields": ["name", "phones"]}
    to = {"agency": "example-food-pantry", "service": "food-pantry-boxes"}
    path = sent(j, to=to, category="food-insecurity", consent=said, priority="urgent")
    j.seen(PANTRY, f"{path}/given")
    j.done(CLINIC, f"{path}/cancel", {"reason": "need_resolved"})
    j.tried(PANTRY, "GET", f"{path}/given")
    look_on(j, path)


def agreeing(j: Journey) -> None:
    client = registered(j)
    consent = j.done(CLINIC, f"/clients/{client}/consents", agreed() | {"recipient": "example-doula-network"})[
        "consent"
    ]
    j.done(CLINIC, f"/consents/{consent}/change", agreed("name", "phones") | {"recipient": "example-doula-network"})
    path = sent(j, consent=agreed("name"))
    j.seen(DOULAS, f"{path}/given")
    j.ask(CLINIC, "POST", f"/v1/consents/{consent}/revoke", {})
    j.done(CLINIC, f"/clients/{client}/pause")
    j.ask(CLINIC, "POST", f"/v1/clients/{client}/no-contact", {"all_agencies": True, "note": j.woman.note})
    look_on(j, f"/consents/{consent}", f"/clients/{client}/consents", path)


def drafted(j: Journey) -> None:
    typed = {"given": [j.woman.name], "phone": j.woman.identity["phones"]}
    draft = j.done(CLINIC, "/referrals", {"draft": True, "typed": typed})["referral"]
    wish = {"identity": j.woman.identity, "note": j.woman.note, "to": DOULA, "category": "doula", "consent": agreed()}
    j.done(CLINIC, f"/referrals/{draft}", wish, "PATCH", if_match='"1"')
    j.tried(DOULAS, "GET", f"/referrals/{draft}/draft")
    j.tried(HOUSING, "PATCH", f"/referrals/{draft}", wish, headers={"if-match": '"2"'})
    if j.chance.random() < 0.5:  # noqa: PLR2004 - one way or the other
        j.done(CLINIC, f"/referrals/{draft}/send", if_match='"2"')
    else:
        j.ask(CLINIC, "DELETE", f"/v1/referrals/{draft}", headers={"if-match": '"2"'})
    look_on(j, f"/referrals/{draft}", f"/referrals/{draft}/draft")


def visited(j: Journey) -> None:
    path = sent(j)
    j.done(DOULAS, f"{path}/accept")
    visit = f"/appointments/{j.done(DOULAS, f'{path}/appointments', {'due_at': j.in_days(3)})['appointment']}"
    j.done(DOULAS, f"{visit}/reschedule", {"due_at": j.in_days(4), "by": "client"})
    j.done(DOULAS, f"{visit}/entered-in-error", {"reason": f"Not {j.woman.name}."})
    j.done(DOULAS, f"{path}/close", {"reason": "client_declined"})
    j.ask(CLINIC, "POST", f"/v1{path}/feedback/ask", {})
    look_on(j, path, visit)


def written(j: Journey) -> None:
    """By letter to an agency that is not on the system."""
    to = {"agency": "muster-diaper-bank", "service": "diaper-bank-supplies"}
    path = sent(j, to=to, category="material-hardship")
    j.ask(CLINIC, "GET", f"/v1{path}/letter?language=en&size=letter")
    j.tried(None, "POST", "/answers", {"letter": "aaaaaaaa", "code": "222222", "note": j.woman.name})
    j.tried(HOUSING, "GET", f"{path}/letter?language=en&size=letter")
    look_on(j, path)


def redirected(j: Journey) -> None:
    path = sent(j, category="home_visiting", to=HUB_VISITS)
    j.seen(HUB, f"{path}/given")
    j.done(HUB, f"{path}/redirect", {"to": OTHER_VISITS, "reason": "no_capacity"})
    j.ask(HUB, "GET", f"/v1{path}")
    child = j.seen(CLINIC, path)["redirected"]["child"]
    j.ask(CLINIC, "POST", f"/v1/referrals/{child}/draft", {})
    look_on(j, path, f"/referrals/{child}")


def refused(j: Journey) -> None:
    """Identity where it does not fit: what answers is an error, and whoever asked reads no more of her in it."""
    name, someone = j.woman.name, j.woman.identity
    client = registered(j)
    bodies: list[Any] = [
        someone | {"birth_date": name},
        someone | {"birth_date": "2999-01-01"},
        someone | {"surname": name},
        someone | {"phones": [{"number": name}]},
        someone | {"address": {"zip": [name]}},
        [someone],
    ]
    for body in j.chance.sample(bodies, 2):
        j.tried(CLINIC, "POST", "/clients", body)
    j.tried(HUB, "POST", "/clients", raw=json.dumps(someone).encode()[:-1])
    j.tried(HUB, "POST", "/clients", raw=f'{{"names": [{{"given": "{name}\\ud800"}}]}}'.encode())
    j.tried(CLINIC, "POST", "/clients", someone | {"names": [{"given": "Another", "family": "Specimen"}]})
    j.tried(CLINIC, "GET", f"/clients/{quote(name)}")
    j.tried(CLINIC, "GET", f"/referrals?box={quote(name)}")
    j.tried(CLINIC, "POST", f"/referrals/{quote(name)}/accept", {"person": name})
    j.tried(GROUP, "POST", "/clients", someone)
    j.tried(None, "POST", f"/clients/{quote(name)}/contacts", someone)
    j.tried(CLINIC, "GET", f"/{quote(name)}")
    look_on(j, f"/clients/{client}")


SCRIPTS: Final[tuple[Walked, ...]] = (
    accepted,
    recorded,
    pregnant,
    refused,
    declined,
    handed_over,
    agreeing,
    exception,
    drafted,
    visited,
    written,
    redirected,
)


def walk(j: Journey) -> None:
    """The script of this journey's number; one in so many asks whatever can be asked, a few operations at a time."""
    turn, script = divmod(j.number, len(SCRIPTS) + 1)
    if script == len(SCRIPTS):
        anything(j, turn)
    else:
        SCRIPTS[script](j)
