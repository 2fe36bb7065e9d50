"""Owns everybody who uses a line, what their agencies may be shown, and all that the line writes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg

from tests.condition import until
from tests.fix_line import Line
from tests.leaks import capture
from tests.leaks.canary import Canary
from tests.leaks.people import Person, signed_in, with_token
from tests.leaks.search import Item

FRESNO, SF = "fresno-ptbi", "expecting-justice-sf"


@dataclass
class Watched:
    """A line under watch: its people, and whose details each agency may be shown now."""

    line: Line
    people: list[Person] = field(default_factory=list)
    allowed: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)
    printed: list[Item] = field(default_factory=list)

    def at(self, agency: str, *roles: str, initiative: str = FRESNO) -> Person:
        """An agency's person or system, with a token."""
        caller = self.line.caller(agency, *roles, initiative=initiative, subject=f"{agency}-{roles[0]}")
        return self.join(with_token(self.line.url, agency, str(caller.token)))

    def page(self, agency: str, username: str, initiative: str = FRESNO) -> Person:
        """A person at the pages."""
        return self.join(signed_in(self.line.url, initiative, agency, username, self.allowed.get(agency, {})))

    def join(self, person: Person) -> Person:
        person.sees = self.allowed.get(person.agency, {})
        self.people.append(person)
        return person

    def allow(self, agency: str, one: Canary, *fields: str) -> None:
        """Everybody of an agency may be shown these details of hers from now on; none: nothing any more."""
        self.allowed[agency] = {**self.allowed.get(agency, {}), one.label: frozenset(fields)}
        for person in self.people:
            if person.agency == agency:
                person.sees = self.allowed[agency]

    def owner(self, database: str) -> psycopg.Connection[Any]:
        return psycopg.connect(self.line.settings[f"CLOSEKNIT_{database.upper()}_OWNER_DSN"], autocommit=True)

    def settled(self) -> None:
        """Wait until everything that was accepted has been relayed, consumed and sealed."""
        self.line.settled()
        with self.owner("referrals") as store, self.owner("identity") as vault:

            def sealed() -> bool:
                last = store.execute("SELECT max(notification_id) FROM stored_events").fetchone()
                return vault.execute("SELECT position FROM followers WHERE name = 'sealing'").fetchone() == last

            until(sealed, seconds=60)

    def written(self) -> Iterator[Item]:
        """Everything that the system holds or has told, the vault's tables among it: they are sealed."""
        settings, folder = self.line.settings, self.line.state.folder
        yield from capture.records(settings["CLOSEKNIT_KAFKA"])
        for name in ("referrals", "measures", "identity"):
            yield from capture.tables(f"{name} tables", settings[f"CLOSEKNIT_{name.upper()}_OWNER_DSN"])
        yield from capture.files("log", folder / "logs")
        yield from capture.files("span", folder / "telemetry")
        ports = {name: int(settings[f"CLOSEKNIT_{name.upper()}_PORT"]) for name in ("referrals", "measures", "gateway")}
        yield from capture.metrics(ports)
        yield from self.printed

    def heard(self) -> list[Item]:
        """What everybody was answered."""
        return [item for person in self.people for item in person.heard]

    def close(self) -> None:
        for person in self.people:
            person.http.close()
