"""Owns one client's journey as it is driven: who asks for what, and what of each answer somebody without her reads."""

import json
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from deploy.local.issuer import Claims
from tests.privacy.house import House, at
from tests.privacy.women import Woman
from tests.referrals.api.conftest import SAN_FRANCISCO

CLINIC, HUB, DOULAS = at("example-clinic-north"), at("sample-county-chw-hub"), at("example-doula-network")
PANTRY, HOUSING = at("example-food-pantry"), at("sample-housing-help")
ELSEWHERE = at("muster-care-link", initiative=SAN_FRANCISCO)
GROUP = Claims(subject="greta", initiative="fresno-ptbi", roles=("working_group",), working_groups=("shared-measures",))
STRANGERS: Final = (HOUSING, ELSEWHERE)
"""Who never has anything of hers."""

# Of an answer to somebody who holds her, this much may follow from who she is: how long it is, and its file's name.
OF_HOLDERS: Final = frozenset({"content-length", "content-disposition"})


NOTE: Final = re.compile(rb"/v1/notes/\w+")


@dataclass(frozen=True)
class Heard:
    """What is low in an answer; all of it where the caller holds nothing of hers."""

    journey: int
    where: str
    content: bytes


@dataclass
class Journey:
    """One woman among the agencies. What happens follows from `number` alone; what is typed, from `woman`."""

    number: int
    woman: Woman
    house: House
    heard: list[Heard] = field(default_factory=list)
    asked: int = 0
    operations: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.chance = random.Random(f"journey {self.number}")

    def ask(
        self,
        who: Claims | None,
        method: str,
        path: str,
        body: Any = None,
        *,
        raw: bytes | None = None,
        holds: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, Any]:
        """Ask, and keep what is low in the answer. `holds`: the caller's agency may read of her."""
        self.asked += 1
        fixed = {
            "traceparent": f"00-{self.number + 1:016x}{self.asked:016x}-{self.asked:016x}-01",
            "content-type": "application/json",
        }
        if method != "GET":
            fixed["idempotency-key"] = f"journey-{self.number}-{self.asked}"
        content = raw if raw is not None else None if body is None else json.dumps(body).encode()
        sent = fixed | dict(headers or {})
        status, said, answer = self.house.ask(who, method, path, content, sent)
        where = f"{self.asked} {method} {status}"
        self._keep(where, said, answer, holds=holds and status < 400)  # noqa: PLR2004 - an error shows nobody
        is_json = any("json" in value for name, value in said if name == "content-type")
        return status, json.loads(answer) if is_json else answer

    def in_days(self, days: int) -> str:
        """So many days after the time of the run."""
        return (self.house.place.at + timedelta(days=days)).isoformat()

    def _keep(self, where: str, said: list[tuple[str, str]], answer: bytes, *, holds: bool) -> None:
        heads = sorted((name, value) for name, value in said if not (holds and name in OF_HOLDERS))
        low = b"\n".join(f"{name}: {value}".encode() for name, value in heads)
        if holds:
            low = NOTE.sub(b"/v1/notes/~", low)  # its id follows from what was typed, under a key
        self.heard.append(Heard(self.number, where, low if holds else low + b"\n\n" + answer))

    def done(
        self, who: Claims, path: str, body: Any = None, method: str = "POST", *, if_match: str | None = None
    ) -> dict[str, Any]:
        """What a command says that has to succeed."""
        headers = {"if-match": if_match} if if_match is not None else None
        status, found = self.ask(who, method, f"/v1{path}", {} if body is None else body, headers=headers)
        assert status < 300, f"{method} {path.split('/')[1]} {status} {found}"  # noqa: PLR2004
        return dict(found)

    def seen(self, who: Claims, path: str) -> Any:
        """What a read says that has to succeed."""
        status, found = self.ask(who, "GET", f"/v1{path}")
        assert status == 200, f"GET {path.split('/')[1]} {status} {found}"  # noqa: PLR2004
        return found

    def tried(self, who: Claims | None, method: str, path: str, body: Any = None, **more: Any) -> int:
        """Ask as somebody who holds nothing of hers; all of the answer is low."""
        return self.ask(who, method, f"/v1{path}", body, holds=False, **more)[0]


Walked = Callable[[Journey], None]
