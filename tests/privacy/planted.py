"""Owns where a planted leak gets in: between the parts of a run, the leak of a journey's number and no other."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

import psycopg
from opentelemetry.trace import Span
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.referrals.relay import Outgoing, Publisher
from services.referrals.store.recorded import Decode, Row
from services.runtime.telemetry import Metrics, Spans, Telemetry
from tests.privacy import leaks
from tests.privacy.journey import Journey
from tests.privacy.place import Seams
from tests.privacy.women import Woman


class Planted(Seams):
    """The leaks of a registry, each switched on for the journey of its number."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self.names: Final = names
        self.journeys: dict[int, Woman] = {}
        self.on = ""
        self.her: Woman

    def app(self, app: ASGIApp) -> ASGIApp:
        return LeakyApp(app, self)

    def telemetry(self, telemetry: Telemetry) -> Telemetry:
        log, spans, metrics = LeakyLog(telemetry.log, self), LeakySpans(telemetry.spans, self), telemetry.metrics
        return Telemetry(spans, LeakyMetrics(metrics, self), log)

    def publisher(self, publisher: Publisher) -> Publisher:
        return LeakyPublisher(publisher, self)

    def begins(self, journey: Journey) -> None:
        self.on, self.her = self.names[journey.number], journey.woman
        self.journeys[journey.number] = journey.woman

    def ended(self, journey: Journey) -> None:
        place = journey.house.place
        if self.on in leaks.FILES:
            leaks.FILES[self.on](place.folder, self.her)
        if self.on in leaks.TEXTS:
            with psycopg.connect(place.databases.dsn("referrals"), autocommit=True) as process:
                process.execute(leaks.TEXTS[self.on](self.her).encode())
        if self.on in leaks.STATEMENTS:
            database, statement = leaks.STATEMENTS[self.on]
            with psycopg.connect(place.databases.dsn("referrals", "closeknit_owner")) as store:
                (client,) = store.execute(leaks.HERS).fetchone() or (None,)
            with psycopg.connect(place.databases.dsn(database, "closeknit_owner")) as owner:
                owner.execute(statement.encode(), self._values(journey, client))
        self.on = ""

    def _values(self, journey: Journey, client: UUID | None) -> dict[str, Any]:
        return {
            "her": client,
            "name": self.her.name,
            "digest": leaks.digest(self.her.mrn),
            "length": len(self.her.name),
            "born": self.her.identity["birth_date"],
            "number": journey.number,
        }


class LeakyApp:
    """Answers as the application behind it does, but for the leak that is on."""

    def __init__(self, app: ASGIApp, planted: Planted) -> None:
        self._app = app
        self._planted = planted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        leak = leaks.ANSWERS.get(self._planted.on)
        if scope["type"] != "http" or leak is None:
            await self._app(scope, receive, send)
            return
        answer = leaks.Answer(scope["method"], scope["path"], 0, [], b"")

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer.status, answer.headers = message["status"], list(message["headers"])
            else:
                answer.body += message.get("body", b"")

        await self._app(scope, receive, keep)
        leak(answer, self._planted.her)
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        await send({"type": "http.response.body", "body": answer.body})


class LeakyLog:
    """Says what the log behind it says, and what the leak adds."""

    def __init__(self, behind: Any, planted: Planted) -> None:
        self._behind = behind
        self._planted = planted

    def _more(self, keys: Mapping[str, object]) -> dict[str, object]:
        leak = leaks.LINES.get(self._planted.on)
        return {**keys, **(leak(self._planted.her) if leak else {})}

    def debug(self, event: str, **keys: object) -> None:
        self._behind.debug(event, **self._more(keys))

    def info(self, event: str, **keys: object) -> None:
        self._behind.info(event, **self._more(keys))

    def warning(self, event: str, **keys: object) -> None:
        self._behind.warning(event, **self._more(keys))

    def error(self, event: str, **keys: object) -> None:
        self._behind.error(event, **self._more(keys))


class LeakySpans(Spans):
    """Makes the spans of those behind it, with what the leak adds."""

    def __init__(self, behind: Spans, planted: Planted) -> None:
        self._behind = behind
        self._planted = planted

    @contextmanager
    def span(self, *arguments: Any, **keys: Any) -> Iterator[Span]:
        with self._behind.span(*arguments, **keys) as span:
            leak = leaks.ATTRIBUTES.get(self._planted.on)
            for name, value in (leak(self._planted.her) if leak else {}).items():
                span.set_attribute(name, value)
            yield span

    def flush(self) -> None:
        self._behind.flush()

    def close(self) -> None:
        self._behind.close()


class LeakyMetrics(Metrics):
    """Records what those behind it record, with the labels of the leak."""

    def __init__(self, behind: Metrics, planted: Planted) -> None:
        self._behind = behind
        self._planted = planted

    def _more(self, attributes: Mapping[str, Any] | None) -> Any:
        leak = leaks.LABELS.get(self._planted.on)
        return {**(attributes or {}), **(leak(self._planted.her) if leak else {})}

    def count(self, name: Any, amount: int = 1, attributes: Any = None) -> None:
        self._behind.count(name, amount, self._more(attributes))

    def record(self, name: Any, value: float, attributes: Any = None) -> None:
        self._behind.record(name, value, self._more(attributes))

    def level(self, name: Any, value: float, attributes: Any = None) -> None:
        self._behind.level(name, value, attributes)

    def exposition(self) -> bytes:
        return self._behind.exposition()

    def close(self) -> None:
        self._behind.close()


class LeakyPublisher(Publisher):
    """Publishes as the one behind it, but for the records of the journey whose leak is one of Kafka's."""

    def __init__(self, behind: Publisher, planted: Planted) -> None:
        self._behind = behind
        self._planted = planted

    def outgoing_row(self, row: Row, decode: Decode, partitions: int) -> Outgoing | None:
        return self._leaky(self._behind.outgoing_row(row, decode, partitions))

    def _leaky(self, out: Outgoing | None) -> Outgoing | None:
        number = None if out is None else self._planted.owner_of(dict(out.record.headers)["ce_id"])
        if out is None or number is None:
            return out
        leak = {**leaks.RECORDS, **leaks.PARTITIONS}.get(self._planted.names[number])
        return leak(out, self._planted.journeys[number]) if leak else out
