"""Owns the low channels: all that others than the agencies that serve her may come to read, as items to be compared.

Left out of an item is what a clock or a race writes: times of log lines, durations, sizes of batches, gauges.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg
from opentelemetry.sdk.trace import ReadableSpan
from psycopg import sql

import services
from services.runtime.telemetry.export import span_document
from tests.leaks import capture
from tests.privacy.house import House

BY_CLOCK: Final = frozenset({"ts", "duration_ms"})
BY_RACE: Final = re.compile(r"closeknit_(append_queue|relay_lag|sealing_lag|worker_lag|worker_delay|timers_due)")
OF_BATCHES: Final = frozenset({"messaging.batch.message_count", "messaging.kafka.offset", "closeknit.position"})
"""How far a task had come that takes as much at once as there is."""
UUID: Final = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
IN_THE_VAULT: Final = re.compile(r"\(SELECT DISTINCT place, client_id FROM search_words [^']*")
SERVICES: Final = Path(services.__path__[0])
BUCKET: Final = 64
HEAD: Final = 1 + 1 + 16 + 12 + 16
"""Of an envelope: version, algorithm, key, nonce and tag; what stands between is whole buckets."""

# Of the identity database: keyed hashes of the words of her name, of which there are as many as she has names; and what
# the sealer draws and counts, which comes when it can.
NOT_COMPARED: Final = frozenset({"search_words"})
BY_THE_SEALER: Final = frozenset({("data_keys", "id"), ("given", "version")})
# Keyed by a key of the vault, as R9 has it: how long each is, is compared; and what follows from all of a row.
KEYED: Final = frozenset({("idempotency", "fingerprint")})
SUMS: Final = frozenset({("stored_events", "checksum")})
OUTAGES: Final = frozenset({"PoolTimeout", "OperationalError"})
"""What a busy machine does to a process; its line holds nothing but the error's name and place."""


@dataclass(frozen=True)
class Item:
    """One thing that was written or said: in which channel, on whose journey (None: on nobody's), and what."""

    channel: str
    journey: int | None
    content: bytes


def journey_of(trace: str) -> int | None:
    """Whose request began a trace: the number stands in its first half."""
    number = int(trace[:16], 16)
    return number - 1 if 0 < number < 1 << 32 else None


def logs(house: House) -> Iterator[Item]:
    """Every line of every process."""
    for stream in house.told.values():
        for line in stream.getvalue().splitlines():
            said = {name: value for name, value in json.loads(line).items() if name not in BY_CLOCK}
            if said.get("error") not in OUTAGES:
                journey = journey_of(said["trace_id"]) if "trace_id" in said else None
                yield Item("log", journey, json.dumps(said, sort_keys=True).encode())
    for raw in house.accessed.getvalue().splitlines():
        said = {name: value for name, value in json.loads(raw).items() if name not in BY_CLOCK}
        yield Item("access log", None, json.dumps(said, sort_keys=True).encode())


def spans(house: House) -> Iterator[Item]:
    """Every span of a request and of a record that goes out; of batches, what their spans are called and say."""
    beside = set()
    for kept in house.spans.values():
        for span in kept.spans:
            journey, content = _span(span)
            if journey is None:
                beside.add(content)
            else:
                yield Item("span", journey, content)
    yield from (Item("span", None, content) for content in sorted(beside))


def _span(span: ReadableSpan) -> tuple[int | None, bytes]:
    said: dict[str, Any] = {**span_document(span)}
    for name in ("start", "end", "start_time", "end_time", "start_ns", "end_ns", "duration"):
        said.pop(name, None)
    traces = [said["trace_id"], *(link["trace_id"] for link in said["links"])]
    journey = next((found for found in map(journey_of, traces) if found is not None), None)
    if span.name.split()[0] in {"process", "seal"}:
        kept = {name: value for name, value in said["attributes"].items() if name not in OF_BATCHES}
        return None, json.dumps([said["name"], kept], sort_keys=True).encode()
    return journey, json.dumps(said, sort_keys=True).encode()


def metrics(house: House) -> Iterator[Item]:
    """Every series with its count; where a clock or a race writes the value, the series alone."""
    for service, told in house.telemetry.items():
        for line in told.metrics.exposition().decode().splitlines():
            series, _, value = line.rpartition(" ")
            name = series.partition("{")[0]
            if line.startswith("#") or name.endswith(("_bucket", "_created")):
                continue
            counted = name.endswith(("_count", "_total")) and "process" not in name and "http" in name
            shown = series if BY_RACE.match(name) or not counted else f"{series} {value}"
            yield Item("metric", None, f"{service} {shown}".encode())


def tables(house: House) -> Iterator[Item]:
    """Every row outside the vault, in order; of the vault's rows, what is not sealed, and how many buckets are."""
    for name in ("referrals", "measures", "identity"):
        with psycopg.connect(house.place.databases.dsn(name, "closeknit_owner"), autocommit=True) as owner:
            for table, columns in _columns(owner):
                if name == "identity" and table in NOT_COMPARED:
                    continue
                for row in _rows(owner, table, columns, vault=name == "identity"):
                    yield Item(f"{name} table", None, f"{table} {row}".encode())


def _columns(owner: psycopg.Connection[Any]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    found = owner.execute(
        "SELECT c.table_schema || '.' || c.table_name, array_agg(c.column_name::text ORDER BY c.ordinal_position),"
        " array_agg(c.data_type::text ORDER BY c.ordinal_position)"
        " FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)"
        " WHERE t.table_type = 'BASE TABLE'"
        " AND c.table_schema NOT IN ('pg_catalog', 'information_schema', 'fixed') GROUP BY 1 ORDER BY 1"
    ).fetchall()
    for table, names, kinds in found:
        if not table.endswith("schema_migrations"):
            yield table.removeprefix("public."), list(zip(names, kinds, strict=True))


def _rows(owner: psycopg.Connection[Any], table: str, columns: list[tuple[str, str]], *, vault: bool) -> Iterator[str]:
    seen = [(name, kind) for name, kind in columns if (table, name) not in (BY_THE_SEALER if vault else SUMS)]
    shown = [_column(table, name, kind, vault=vault) for name, kind in seen]
    wanted = sql.SQL(", ").join(part for part in shown if part is not None)
    place = sql.SQL(".").join(sql.Identifier(part) for part in table.split("."))
    statement = sql.SQL("SELECT ROW({}) ::text FROM {} ORDER BY 1").format(wanted, place)
    yield from (row for (row,) in owner.execute(statement))


def _column(table: str, name: str, kind: str, *, vault: bool) -> sql.Composable | None:
    column = sql.Identifier(name)
    if (table, name) == ("stored_events", "state"):
        return sql.SQL("convert_from({}, 'UTF8')").format(column)
    if not vault and (table, name) not in KEYED:
        return column
    if kind.startswith("timestamp"):
        return None
    if name == "sealed":
        whole = sql.SQL("CASE WHEN (octet_length({0}) - {1}) % {2} = 0 THEN 'buckets' ELSE octet_length({0})::text END")
        return whole.format(column, sql.Literal(HEAD), sql.Literal(BUCKET))
    return sql.SQL("octet_length({})").format(column) if kind == "bytea" else column


def records(house: House) -> Iterator[Item]:
    """Every record of every topic: key, headers and value."""
    for item in capture.records(house.place.kafka, only="care."):
        yield Item("kafka", None, item.where.encode() + b" " + item.content)


def files(house: House) -> Iterator[Item]:
    """Which files a run left, and what is in them but for keys."""
    folder = house.place.folder
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        is_open = path.is_file() and not name.startswith(("keys", "issuer"))
        content = hashlib.sha256(path.read_bytes()).hexdigest() if is_open else ""
        yield Item("file", None, f"{name} {content}".encode())


def queries(house: House) -> Iterator[Item]:
    """Which statements the databases of a run were given, as they log them: without what was bound to them.

    Those that stand as they are in the program are not said: when a task beside the requests runs one is chance. Nor
    is a search of the vault, whose statement has a part for each word that was typed, and none of the words.
    """
    written = house.place.statements.read_bytes()[house.place.logged_from :].decode()
    entries = re.split(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \w+ \[\d+\] ", written, flags=re.MULTILINE)
    matches = (re.match(r"LOG:  (?:statement|execute [^:]*): (.*)", entry, re.DOTALL) for entry in entries)
    texts = {" ".join(match[1].split()) for match in matches if match}
    program = "".join(_bare(path.read_text()) for path in sorted(SERVICES.rglob("*.py")))
    unknown = {text for text in texts if _bare(text) not in program and not IN_THE_VAULT.fullmatch(text)}
    yield from (Item("query", None, text.encode()) for text in sorted(unknown))


def _bare(text: str) -> str:
    """A statement, or a program, without space, quotes and what stands for a value."""
    return re.sub(r"%\(\w+\)s|%[sbt]|\$\d+|\s|\"", "", text)


def row_ids(house: House) -> dict[bytes, bytes]:
    """A name for each row of the vault whose id follows, under a key of the vault, from what was typed: the same in
    both runs, by whose it is and which of hers. That the ids are keyed is tested where they are made.
    """
    names: dict[bytes, bytes] = {}
    with psycopg.connect(house.place.databases.dsn("identity", "closeknit_owner"), autocommit=True) as vault:
        for statement in (
            "SELECT row_id, client_id::text || ' identity' FROM identities ORDER BY written_at, row_id",
            "SELECT id, client_id::text || ' ' || kind FROM notes ORDER BY written_at, id",
        ):
            seen = Counter[str]()
            for id, whose in vault.execute(statement.encode()):
                seen[whose] += 1
                names[str(id).encode()] = f"<{whose} {seen[whose]}>".encode()
    return names


def renamed(items: Iterable[Item], names: dict[bytes, bytes]) -> Iterator[Item]:
    """Items with the names of `row_ids` in place of the ids."""
    for item in items:
        content = UUID.sub(lambda found: names.get(found[0], found[0]), item.content)
        yield Item(item.channel, item.journey, content)


def named(items: Iterable[Item], owners: dict[bytes, int]) -> Iterator[Item]:
    """Items of nobody's journey, with the journey of the first id in them that the store knows."""
    for item in items:
        ids = UUID.findall(item.content) if item.journey is None else ()
        yield Item(item.channel, next((owners[id] for id in ids if id in owners), item.journey), item.content)
