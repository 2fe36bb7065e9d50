"""Owns women whom two agencies serve, each sent to both by a third, and all that either is answered of them.

All have one name and nothing else that says who they are: whatever still tells one from another, the system gave.
"""

import asyncio
import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

from tests.bench import load
from tests.fix_line import Line
from tests.privacy.matching import Table
from tests.referrals.api.story import AGREED

THIRD: Final = "example-clinic-south"
CONNECTIONS, LONGEST_SECONDS = 8, 3600.0
MODES, OUTCOMES = ("home_visit", "phone", "video"), ("completed", "attempted_no_answer", "not_home")
Addresses = tuple[tuple[str, ...], tuple[str, ...]]
"""What follows an address of hers, and of her referral."""
OF_ALL: Final[Addresses] = ("", "/timeline", "/disclosures", "/episodes"), ("",)
OF_SOME: Final[Addresses] = (
    (
        *("/identity", "/contacts", "/consents", "/needs", "/responsibility", "/appointments", "/contact-plan"),
        "/demographics",
    ),
    ("/given", "/questions", "/feedback", "/files"),
)
"""What says little that the others do not."""
OF_THE_REQUEST: Final = frozenset({b"x-request-id", b"traceparent", b"content-length"})
"""Drawn for each request by who asks it; and what the body's own length says."""
IN_ADDRESS: Final = re.compile(r"[a-z2-7]{52}")
Asked = tuple[str, str, Any]
"""Method, address and body."""


@dataclass(frozen=True)
class Side:
    """One of the two agencies, and the service of it that she is sent to."""

    agency: str
    service: str
    category: str


SIDES: Final = (
    Side("muster-birth-circle", "birth-circle-doula", "doula"),
    Side("example-family-house", "family-house-home-visits", "home_visiting"),
)


@dataclass
class Shared:
    """So many women; whatever happens to them at one agency, happens in an order of its own."""

    line: Line
    women: int
    name: str
    referrals: list[list[str]] = field(default_factory=list)
    clients: list[list[str]] = field(default_factory=list)

    def happens(self) -> None:
        """The third agency sends each to both, and both begin to serve her."""
        clients = self._registered()
        self.referrals = [self._sent(clients, side) for side in SIDES]
        self.clients = [self._served(side, ids) for side, ids in zip(SIDES, self.referrals, strict=True)]

    def lists(self) -> list[Table]:
        """Where in its lists either agency has each woman, by her number."""
        return [
            {
                name: values
                for kind, place in _lists(self.name).items()
                for name, values in columns(kind, self._listed(side.agency, place, mine)).items()
            }
            for side, mine in zip(SIDES, self._mine(), strict=True)
        ]

    def tables(self, addresses: Addresses, women: int) -> list[Table]:
        """What either agency is answered of each of the first so many."""
        sides = zip(SIDES, self.referrals, self.clients, strict=True)
        return [self._read(side, addresses, ids[:women], clients[:women]) for side, ids, clients in sides]

    def asked(self, agency: str, wanted: Sequence[Asked]) -> list[tuple[dict[bytes, bytes], bytes]]:
        """Heads and bodies of the answers, in order. AssertionError for one that is an error, but for none there."""
        token = self.line.caller(agency).token or ""
        requests = [
            load.request(method, path, token, body, **({} if method == "GET" else {"Idempotency_Key": uuid4().hex}))
            for method, path, body in wanted
        ]
        port = int(self.line.settings["CLOSEKNIT_GATEWAY_PORT"])
        done = asyncio.run(load.run("127.0.0.1", port, requests, CONNECTIONS, LONGEST_SECONDS, keep=True))
        assert done.statuses.keys() <= {200, 201, 404}, f"{dict(done.statuses)} {done.odd}"
        return list(zip(done.heads, done.bodies or (), strict=True))

    def done(self, agency: str, wanted: Sequence[tuple[str, Any]]) -> list[dict[str, Any]]:
        """The answers to commands."""
        return [json.loads(body) for _, body in self.asked(agency, [("POST", *each) for each in wanted])]

    def _registered(self) -> list[str]:
        someone = {"names": [{"given": "Testa", "family": self.name}]}
        made = self.done(THIRD, [("/v1/clients", someone)] * self.women)
        clients = [str(each["client"]) for each in made]
        self.done(THIRD, [(f"/v1/clients/{client}/episodes", {}) for client in clients])
        return clients

    def _order(self, what: str) -> list[int]:
        return random.Random(what).sample(range(self.women), self.women)

    def _sent(self, clients: Sequence[str], side: Side) -> list[str]:
        order = self._order(f"sent to {side.agency}")
        to = {"agency": side.agency, "service": side.service}
        said = {"to": to, "category": side.category, "consent": AGREED}
        made = self.done(THIRD, [("/v1/referrals", said | {"client": clients[number]}) for number in order])
        return _in_order(order, [str(each["referral"]) for each in made])

    def _served(self, side: Side, referrals: Sequence[str]) -> list[str]:
        """What the agency does by itself, and its own reference of each woman."""
        order, chance = self._order(f"accepted by {side.agency}"), random.Random(side.agency)
        self.done(side.agency, [(f"/v1/referrals/{referrals[number]}/accept", {}) for number in order])
        numbers = {id: number for number, id in enumerate(referrals)}
        clients = [""] * self.women
        for item, _ in self._entries(side.agency, ("GET", "/v1/referrals?box=inbox&limit=200", None)):
            if item["referral"] in numbers:
                clients[numbers[item["referral"]]] = item["client"]["client"]
        order = self._order(f"met by {side.agency}")
        met = [{"mode": chance.choice(MODES), "outcome": chance.choice(OUTCOMES)} for _ in order]
        paths = [f"/v1/clients/{clients[number]}" for number in order]
        self.done(side.agency, [(f"{path}/contacts", said) for path, said in zip(paths, met, strict=True)])
        self.done(side.agency, [(f"{path}/episodes", {}) for path in paths])
        return clients

    def _read(self, side: Side, rest: Addresses, referrals: Sequence[str], clients: Sequence[str]) -> Table:
        table: dict[str, list[str]] = {}
        paths = {f"client{more}": [f"/v1/clients/{client}{more}" for client in clients] for more in rest[0]}
        paths |= {f"referral{more}": [f"/v1/referrals/{id}{more}" for id in referrals] for more in rest[1]}
        order = [number for number in self._order(f"read by {side.agency}") if number < len(clients)]
        for name, addresses in paths.items():
            found = self.asked(side.agency, [("GET", addresses[number], None) for number in order])
            table |= columns(name, _in_order(order, [_told(*each) for each in found]))
        return table

    def _mine(self) -> list[dict[str, int]]:
        """The number of each woman by either agency's ids of her and of her referral."""
        return [
            {id: number for each in ids for number, id in enumerate(each)}
            for ids in zip(self.referrals, self.clients, strict=True)
        ]

    def _listed(self, agency: str, place: Asked, mine: Mapping[str, int]) -> list[dict[str, str]]:
        """What a list says of each woman: where she stands in it, in which part, and the cursor of that part."""
        found: list[dict[str, str]] = [{} for _ in range(self.women)]
        for seen, (item, part) in enumerate(self._entries(agency, place)):
            told = flat(item)
            number = next((mine[text] for text in told.values() if text in mine), None)
            if number is not None and "#place" not in found[number]:
                found[number] |= told | {"#place": str(seen)} | part
        return found

    def _entries(self, agency: str, place: Asked) -> Iterator[tuple[dict[str, Any], dict[str, str]]]:
        """The entries of a whole list, each with what is said of its part."""
        (method, following, body), part = place, 0
        while following:
            answer = json.loads(self.asked(agency, [(method, following, body)])[0][1])
            following = answer["next"] or ""
            cursor = (IN_ADDRESS.findall(following) or [""])[0]
            said = {"#part": str(part), "#cursor": cursor[:26], "#rest of cursor": cursor[26:]}
            yield from ((item, said) for item in answer["items"])
            part += 1


def _lists(name: str) -> Mapping[str, Asked]:
    return {
        "inbox": ("GET", "/v1/referrals?box=inbox&limit=200", None),
        "work": ("GET", "/v1/work?limit=200", None),
        "search": ("POST", "/v1/clients/search?limit=200", {"text": name}),
        "parts": ("POST", "/v1/clients/search?limit=7", {"text": name}),
        "search of referrals": ("POST", "/v1/referrals/search?limit=200", {"text": name}),
    }


def _in_order(order: Sequence[int], found: Sequence[Any]) -> list[Any]:
    """What was found in one order, by number."""
    return [each for _, each in sorted(zip(order, found, strict=True), key=lambda pair: pair[0])]


def _told(head: Mapping[bytes, bytes], body: bytes) -> dict[str, str]:
    told = {f"#{name.decode()}": value.decode() for name, value in head.items() if name not in OF_THE_REQUEST}
    is_json = b"json" in head.get(b"content-type", b"")
    return told | {"#length": str(len(body))} | (flat(json.loads(body)) if is_json else {})


def columns(name: str, rows: Sequence[Mapping[str, str]]) -> dict[str, list[str]]:
    """The members of all rows as columns, empty where a row has none."""
    members = dict.fromkeys(member for row in rows for member in row)
    return {f"{name} {member}".strip(): [row.get(member, "") for row in rows] for member in members}


def flat(value: Any, name: str = "") -> dict[str, str]:
    """Every value in a JSON document by where it stands."""
    return dict(_flat(value, name))


def _flat(value: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _flat(each, f"{name}.{key}" if name else key)
    elif isinstance(value, list):
        yield f"{name}.#", str(len(value))
        for number, each in enumerate(value):
            yield from _flat(each, f"{name}.{number}")
    else:
        yield name, str(value)
