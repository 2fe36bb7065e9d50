"""Owns women who do not exist, with everything that two agencies can record of one, and what of it names her."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

from tests.days import ago
from tests.fix_line import Line
from tests.referrals.api.asking import MAILED
from tests.referrals.api.conftest import Caller
from tests.referrals.api.story import AGREED, DOULA, MET

CLINIC, DOULAS = "example-clinic-north", "example-doula-network"
BIRTH = "live_birth"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
_NUMBERS = count(1)


@dataclass
class Woman:
    """Her references at both agencies, the addresses that may tell of her (`telling`: that do), and her words."""

    name: str
    phone: str
    number: str
    secret: str
    clinics: str = ""
    doulas: str = ""
    referral: str = ""
    telling: tuple[str, ...] = ()
    of_clinic: list[str] = field(default_factory=list)
    of_doulas: list[str] = field(default_factory=list)

    @property
    def words(self) -> tuple[str, ...]:
        """What must be read nowhere: her name, phone and number, what was typed of her, and how her pregnancy ended."""
        return self.name, self.phone, self.number, self.secret, BIRTH


def recorded(line: Line) -> Woman:
    """A woman of the clinic, whom the doulas accepted: identity, notes, a file, a draft, copies, a letter, a birth."""
    clinic, doulas = line.caller(CLINIC), line.caller(DOULAS, subject="dora-muster")
    word = uuid4().hex[:12]
    phone = f"559555{next(_NUMBERS):04d}"
    her = Woman(f"Muster{word}", phone, f"N{word}", f"secret {word}")
    identity = {"names": [{"given": "Testa", "family": her.name}], "phones": [phone], "mrn": her.number}
    her.clinics = clinic.done("/v1/clients", identity | {"birth_date": "1996-02-29"})["client"]
    sent = {"client": her.clinics, "to": DOULA, "category": "doula", "consent": AGREED, "note": her.secret}
    her.referral = clinic.done("/v1/referrals", sent)["referral"]
    doulas.done(f"/v1/referrals/{her.referral}/questions", {"text": f"When? {her.secret}"})
    doulas.done(f"/v1/referrals/{her.referral}/accept")
    her.doulas = doulas.seen(f"/v1/referrals/{her.referral}")["client"]["client"]
    doulas.seen(f"/v1/referrals/{her.referral}/given")
    doulas.done(f"/v1/clients/{her.doulas}/contacts", MET | {"referral": her.referral, "note": her.secret})
    episode = clinic.done(f"/v1/clients/{her.clinics}/episodes")["episode"]
    handoff = _handed_over(clinic, doulas, her.clinics)
    born = {"how": BIRTH, "on": ago(1), "children": [{"live": True}]}
    clinic.done(f"/v1/episodes/{episode}/end", born)
    letter = clinic.done("/v1/referrals", {"client": her.clinics} | MAILED)["referral"]
    clinic.done(f"/v1/clients/{her.clinics}/safe-contact-plan", {"modes": ["phone"], "words": her.secret})
    draft = clinic.done("/v1/referrals", {"draft": True, "client": her.clinics, "note": her.secret})["referral"]
    notes = [
        *(_typed(clinic, her.clinics, her.secret), _uploaded(clinic, her.clinics, her.secret)),
        _of_contact(clinic, her.clinics, her.secret),
    ]
    her.of_clinic = [
        *(f"/v1/clients/{her.clinics}{rest}" for rest in ("", "/identity", "/timeline", "/contact-plan", "/needs")),
        *(f"/v1/notes/{note}" for note in notes),
        f"/v1/referrals/{draft}",
        f"/v1/referrals/{letter}/letter?language=en&size=letter",
        f"/v1/episodes/{episode}",
        f"/v1/handoffs/{handoff}",
        *("/v1/work?limit=200", "/v1/referrals?box=outbox&limit=200", "/v1/referrals?box=drafts&limit=200"),
    ]
    her.of_doulas = [
        *(f"/v1/clients/{her.doulas}{rest}" for rest in ("", "/identity", "/timeline", "/contact-plan")),
        f"/v1/notes/{_typed(doulas, her.doulas, her.secret)}",
        f"/v1/referrals/{her.referral}",
        f"/v1/referrals/{her.referral}/given",
        f"/v1/handoffs/{handoff}/given",
        "/v1/referrals?box=inbox&limit=200",
    ]
    her.telling = (
        *(f"/v1/clients/{her.clinics}", f"/v1/clients/{her.clinics}/identity", f"/v1/episodes/{episode}"),
        *(path for path in her.of_clinic if "/letter?" in path),
        *(path for path in her.of_doulas if path.endswith("/given")),
    )
    return her


def _handed_over(clinic: Caller, doulas: Caller, client: str) -> str:
    wish = {"to": DOULAS, "domain": "primary_care_coordination", "kind": "warm_remote"}
    path = f"/v1/handoffs/{clinic.done(f'/v1/clients/{client}/handoffs', wish)['handoff']}"
    clinic.done(f"{path}/client-agrees", {"consent": AGREED})
    clinic.done(f"{path}/offer")
    doulas.seen(f"{path}/given")
    doulas.done(f"{path}/accept")
    return path.rpartition("/")[2]


def _typed(caller: Caller, client: str, text: str) -> str:
    return str(caller.done("/v1/notes", {"client": client, "text": text})["note"])


def _uploaded(caller: Caller, client: str, text: str) -> str:
    form: dict[str, Any] = {"client": (None, client), "file": (f"{text}.png", PNG + text.encode())}
    answer = caller.ask("POST", "/v1/notes", files=form)
    assert answer.is_success, answer.text
    return str(answer.json()["note"])


def _of_contact(caller: Caller, client: str, text: str) -> str:
    said = MET | {"tags": ["substance_use_treatment"], "note": text}
    contact = caller.done(f"/v1/clients/{client}/contacts", said)["contact"]
    return str(caller.seen(f"/v1/contacts/{contact}")["note"])
