"""Owns the way of one client along the whole line, in either initiative: who takes part and what each does in turn."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from tests.days import SAID_ON, ahead
from tests.fix_line import THIRD, Line
from tests.referrals.api.conftest import FRESNO, SAN_FRANCISCO, Caller

SPOKEN: Final = {"agreed": True, "how": "spoken", "on": SAID_ON}
COORDINATION: Final = "primary_care_coordination"


@dataclass(frozen=True)
class Cast:
    """The agencies of one initiative that take part: who sends, who serves, who leads in the end."""

    initiative: str
    clinic: str
    helper: str
    service: str
    hub: str
    category: str = "doula"


IN_FRESNO: Final = Cast(
    FRESNO, "example-clinic-north", "example-doula-network", "doula-network-birth-support", "sample-county-chw-hub"
)
IN_SAN_FRANCISCO: Final = Cast(
    SAN_FRANCISCO, "example-bay-clinic", "sample-birth-companions", "birth-companions-doula", "muster-care-link"
)
IN_THE_THIRD: Final = Cast(
    THIRD, f"{THIRD}-example-clinic", f"{THIRD}-sample-doulas", f"{THIRD}-doula", f"{THIRD}-sample-hub"
)
"""The county that nobody wrote code for: as `closeknit initiative new` begins one."""
EVERYWHERE: Final = (IN_FRESNO, IN_SAN_FRANCISCO, IN_THE_THIRD)
MANY: Final = Cast(
    FRESNO, "specimen-family-center", "sample-wic-office-east", "wic-east-enrolment", "sample-county-chw-hub", "wic"
)
"""Who submits and gets many at a time, so that the work lists of the others stay short."""


def somebody(**more: Any) -> dict[str, Any]:
    """An invented woman whom nobody has registered yet."""
    return {"names": [{"given": "Testa", "family": f"Sample-{uuid4().hex[:12]}"}]} | more


@dataclass(frozen=True)
class Walk:
    """One client and those who help her. `client` is the clinic's own reference of her."""

    cast: Cast
    clinic: Caller
    helper: Caller
    hub: Caller
    client: str

    @classmethod
    def begun(cls, line: Line, cast: Cast = IN_FRESNO, **identity: Any) -> "Walk":
        """The clinic has registered her."""
        clinic, helper, hub = (
            line.caller(agency, initiative=cast.initiative) for agency in (cast.clinic, cast.helper, cast.hub)
        )
        client = clinic.done("/v1/clients", somebody(**identity))["client"]
        return cls(cast, clinic, helper, hub, client)

    def episode(self) -> str:
        """Her pregnancy is open, and the clinic leads."""
        return str(self.clinic.done(f"/v1/clients/{self.client}/episodes")["episode"])

    def consent(self, *fields: str) -> str:
        """She agreed that the helper gets these of her details."""
        said = SPOKEN | {"recipient": self.cast.helper, "fields": list(fields)}
        return str(self.clinic.done(f"/v1/clients/{self.client}/consents", said)["consent"])

    def sent(self, **more: Any) -> str:
        """A referral to the helper; by what she says now, where no consent is named."""
        to = {"agency": self.cast.helper, "service": self.cast.service}
        consent = SPOKEN | {"fields": ["name", "phones"]}
        body = {"client": self.client, "to": to, "category": self.cast.category, "consent": consent} | more
        return str(self.clinic.done("/v1/referrals", body)["referral"])

    def contact(self, who: Caller, about: str, **said: Any) -> str:
        """Somebody met her; `about` is the path of the referral or handoff that it belongs to."""
        kind, _, id = about.rpartition("/")
        client = who.seen(about)["client"]["client"]
        names = {"referral" if kind.endswith("referrals") else "handoff": id}
        body = {"mode": "home_visit", "outcome": "completed"} | names | said
        return str(who.done(f"/v1/clients/{client}/contacts", body)["contact"])

    def closed(self, **more: Any) -> str:
        """A referral that was answered, served, ended and told."""
        path = f"/v1/referrals/{self.sent(**more)}"
        self.helper.done(f"{path}/receive")
        self.helper.done(f"{path}/accept", {"on": ahead(1)})
        contact = self.contact(self.helper, path)
        self.helper.done(f"{path}/complete", {"outcome": "service_received", "contact": contact})
        self.clinic.done(f"{path}/acknowledge")
        return path

    def offered(self) -> str:
        """A handoff of the coordination to the hub, which she agreed to; needs an open pregnancy."""
        body = {"to": self.cast.hub, "domain": COORDINATION, "kind": "warm_remote"}
        found = self.clinic.done(f"/v1/clients/{self.client}/handoffs", body)
        path = f"/v1/handoffs/{found['handoff']}"
        self.clinic.done(f"{path}/client-agrees", {"consent": SPOKEN | {"fields": ["name", "phones"]}})
        self.clinic.done(f"{path}/offer")
        return path
