"""Owns the planted leaks: each a mistake that somebody could make, one at a time, where the parts of a run meet."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from services.referrals.relay.outgoing import Outgoing
from tests.privacy.women import Woman


@dataclass
class Answer:
    """What referrals is about to answer; `path` and `method` say to what."""

    method: str
    path: str
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    def header(self, name: bytes, value: str) -> None:
        self.headers = [pair for pair in self.headers if pair[0].lower() != name]
        self.headers.append((name, value.encode("ascii", "replace")))

    def put(self, body: bytes) -> None:
        self.body = body
        self.header(b"content-length", str(len(body)))

    def members(self, **more: Any) -> None:
        """More members in a JSON object, where it is one."""
        found = json.loads(self.body or b"null") if b"json" in dict(self.headers).get(b"content-type", b"") else None
        if isinstance(found, dict):
            self.put(json.dumps(found | more).encode())


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def initial(her: Woman) -> str:
    return digest(her.name)[:2]


# What a line of the log, a span and a metric of referrals say beside what they say.
LINES: Final[Mapping[str, Callable[[Woman], dict[str, object]]]] = {
    "name in a log line": lambda her: {"slug": her.name},
    "length of her name in a log line": lambda her: {"count": len(her.name)},
    "digest of her number in a log line": lambda her: {"schema": digest(her.mrn)},
    "birth year as an error's place": lambda her: {"where": her.identity["birth_date"][:4]},
}
ATTRIBUTES: Final[Mapping[str, Callable[[Woman], dict[str, str]]]] = {
    "name in a span": lambda her: {"closeknit.outcome": her.name},
    "ZIP in a span": lambda her: {"closeknit.schema": her.identity["address"]["zip"]},
}
LABELS: Final[Mapping[str, Callable[[Woman], dict[str, str]]]] = {
    "phone as a label of a metric": lambda her: {"closeknit.operation": her.identity["phones"][0]},
    "digest of her name as a label of a metric": lambda her: {"closeknit.outcome": digest(her.name)},
}


def _refused(answer: Answer, her: Woman) -> None:
    if answer.status >= 400:  # noqa: PLR2004 - an error
        answer.members(detail=f"Nothing is known of {her.name}.")


def _tells_existence(answer: Answer, her: Woman) -> None:
    if answer.status == 404 and int(initial(her), 16) % 2:  # noqa: PLR2004 - not found
        answer.status = 403


def _by_name(answer: Answer, her: Woman) -> None:
    if answer.path == "/v1/directory/services":
        found = json.loads(answer.body)
        found["items"].sort(key=lambda item: digest(item["service"] + her.name))
        answer.put(json.dumps(found).encode())


def _longer(answer: Answer, her: Woman) -> None:
    if answer.path == "/v1/work":
        answer.put(answer.body + b" " * len(her.name))


ANSWERS: Final[Mapping[str, Callable[[Answer, Woman], None]]] = {
    "name in the detail of an error": _refused,
    "404 that is a 403 for some": _tells_existence,
    "a list in an order that follows from her name": _by_name,
    "an answer as long as her name": _longer,
    "digest of her name as the version": lambda answer, her: answer.header(b"etag", f'"{digest(her.name)}"'),
    "her number as the id of the request": lambda answer, her: answer.header(b"x-request-id", her.mrn),
    "her initial in how long to wait": lambda answer, her: answer.header(b"retry-after", str(int(initial(her), 16))),
    "her name in an address": lambda answer, her: answer.header(b"location", f"/clients/{initial(her)}"),
    "a count of her words on another's work list": lambda answer, her: answer.members(total=len(her.note)),
}


def _header(out: Outgoing, her: Woman) -> Outgoing:
    more = ("ce_name", her.name.encode())
    return out._replace(record=out.record._replace(headers=[*out.record.headers, more]))


def _value(out: Outgoing, **more: Any) -> Outgoing:
    value = json.dumps(json.loads(out.record.value) | more, sort_keys=True).encode()
    return out._replace(record=out.record._replace(value=value))


RECORDS: Final[Mapping[str, Callable[[Outgoing, Woman], Outgoing]]] = {
    "name in a header on Kafka": _header,
    "digest of her name in an event": lambda out, her: _value(out, tag=digest(her.name)),
    "text of a note in an event": lambda out, her: _value(out, note=her.note),
    "birth date in an event": lambda out, her: _value(out, birth_date=her.identity["birth_date"]),
    "length of a note in an event": lambda out, her: _value(out, length=len(her.note)),
    "a pseudonym that follows from her name": lambda out, her: out._replace(
        record=out.record._replace(key=digest(her.name)[:26].encode())
    ),
}
# The last one: what comes after it in a partition has another offset.
PARTITIONS: Final[Mapping[str, Callable[[Outgoing, Woman], Outgoing]]] = {
    "a partition that follows from her name": lambda out, her: out._replace(partition=int(initial(her), 16) % 12),
}

# By database: what the owner does at the end of her journey, to the rows that are hers.
HERS: Final = b"SELECT client_id FROM stored_events ORDER BY notification_id DESC LIMIT 1"
STATEMENTS: Final[Mapping[str, tuple[str, str]]] = {
    "name beside an idempotency key": (
        "referrals",
        "UPDATE idempotency SET answer = left(answer, -1) || ',\"n\":\"' || %(digest)s || '\"}' WHERE ctid ="
        " (SELECT max(ctid) FROM idempotency)",
    ),
    "her number on the work index": (
        "referrals",
        "UPDATE work_index SET service = %(digest)s WHERE client_id = %(her)s",
    ),
    "name in a column that is not sealed": (
        "identity",
        "UPDATE data_keys SET epoch = %(name)s WHERE client_id = %(her)s",
    ),
    "a seal without padding": (
        "identity",
        "UPDATE identities SET sealed = substr(sealed, 1, 60 + %(length)s) WHERE client_id = %(her)s",
    ),
    "birth date in a projection": (
        "measures",
        "INSERT INTO live.parked VALUES ('care.events.v1', 1, %(number)s, NULL, %(born)s, false)",
    ),
}
# Statements of a process, with what was typed in their text.
TEXTS: Final[Mapping[str, Callable[[Woman], str]]] = {
    "name in the text of a statement": lambda her: "SELECT '{}'".format(her.name.replace("'", "''")),
    "digest of her name in the text of a statement": lambda her: f"SELECT 1 AS x{digest(her.name)[:20]}",
}


NAMES: Final = frozenset({"her number in the name of a file"})


def _named(folder: Path, her: Woman) -> None:
    (folder / f"{digest(her.mrn)}.upload").touch()


def _kept(folder: Path, her: Woman) -> None:
    (folder / "scratch.tmp").write_text(her.note)


FILES: Final[Mapping[str, Callable[[Path, Woman], None]]] = {
    "her number in the name of a file": _named,
    "a note in a file beside the keys": _kept,
}
CHANNELS: Final[Mapping[str, str]] = {
    **dict.fromkeys(LINES, "log"),
    **dict.fromkeys(ATTRIBUTES, "span"),
    **dict.fromkeys(LABELS, "metric"),
    **dict.fromkeys(ANSWERS, "http"),
    **dict.fromkeys(RECORDS, "kafka"),
    **{name: f"{database} table" for name, (database, _) in STATEMENTS.items()},
    **dict.fromkeys(TEXTS, "query"),
    **dict.fromkeys(FILES, "file"),
    **dict.fromkeys(PARTITIONS, "kafka"),
}
"""Every leak, and the channel in which it shows."""


def trace(leak: str, her: Woman) -> bytes:
    """What a leak writes of her, for channels that do not say on whose journey something was written."""
    match CHANNELS[leak]:
        case "log":
            return json.dumps(LINES[leak](her))[1:-1].encode()
        case "metric":
            return next(iter(LABELS[leak](her).values())).encode()
        case "query":
            return TEXTS[leak](her).encode()
        case "file":
            return digest(her.mrn if leak in NAMES else her.note).encode()
        case "measures table":
            return str(her.identity["birth_date"]).encode()
    return her.name.encode()
