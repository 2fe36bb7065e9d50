"""Owns the people and systems who use the line: each with a sign-in, everything that they are answered kept."""

import html
import re
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.leaks.capture import parts_of
from tests.leaks.search import Item
from tests.plain import PLAIN

HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
LINK = re.compile(r'href="(/[^"#]*)')
PAGES_AT_MOST = 60
Sees = dict[str, frozenset[str]]
NOT_FOLLOWED = ("/static", "/sign-", "/language", "/docs", "/openapi")


@dataclass
class Person:
    """Somebody of an agency, or its system. `sees` says whose details this agency may be shown, by canary."""

    agency: str
    http: httpx.Client
    sees: Sees = field(default_factory=dict)
    heard: list[Item] = field(default_factory=list)
    count: int = 0

    def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Ask, and keep the answer."""
        answer = self.http.request(method, path, **more)
        for one in (*answer.history, answer):
            self.count += 1
            where = f"{self.agency} {self.count} {method} {one.status_code}"
            self.heard += parts_of(one, where, dict(self.sees))
        return answer

    def call(self, method: str, path: str, body: Any = None, *, expect: int | None = None, **more: Any) -> Any:
        """Ask the API and give what it says. With `expect` the status has to be that."""
        answer = self.send(method, f"/v1{path}", json=body, **more)
        status = answer.status_code
        wanted = status == expect if expect else answer.is_success
        assert wanted, f"{method} {path.split('/')[1]}: {status} {answer.text}"
        return answer.json()

    def submit(self, path: str, fields: dict[str, str], *, to: str | None = None) -> httpx.Response:
        """Fill in a page's form: its hidden fields as they are, and these."""
        page = self.send("GET", path)
        hidden = [dict(ATTRIBUTE.findall(tag)) for tag in HIDDEN.findall(page.text)]
        kept = {tag["name"]: html.unescape(tag.get("value", "")) for tag in hidden if "name" in tag}
        return self.send("POST", to or path, data=kept | fields)

    def look_around(self) -> int:
        """Follow every link from the first page on; how many pages there were."""
        waiting, seen = ["/work", "/clients", "/work/inbox", "/work/outbox", "/about", "/scorecard"], set[str]()
        while waiting and len(seen) < PAGES_AT_MOST:
            path = html.unescape(waiting.pop(0))
            if path in seen or path.startswith(NOT_FOLLOWED):
                continue
            seen.add(path)
            page = self.send("GET", path)
            waiting += LINK.findall(page.text)
        return len(seen)


def signed_in(gateway: str, initiative: str, agency: str, username: str, sees: Sees) -> Person:
    """A person in a browser without JavaScript, signed in at the development issuer."""
    person = Person(agency, httpx.Client(base_url=gateway, follow_redirects=True, timeout=60, verify=PLAIN), sees)
    form = person.send("GET", f"/sign-in/go?initiative={initiative}")
    landed = person.send("POST", str(form.url), data={"person": username})
    assert landed.is_success, landed.status_code
    assert landed.url.path in ("/work", "/scorecard"), landed.url.path
    return person


def with_token(gateway: str, agency: str, token: str) -> Person:
    """A caller of the API with an access token."""
    headers = {"authorization": f"Bearer {token}"}
    return Person(agency, httpx.Client(base_url=gateway, headers=headers, timeout=60, verify=PLAIN))
