"""Owns the capture: everything that a running system has written, sent or shown, as items to be searched."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import psycopg
from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from psycopg import sql

from tests.leaks.search import Item

LINKS = re.compile(rb"""(?:href|src|action|content)=["']?([^"'>\s]+)""")
TITLE = re.compile(rb"<title>(.*?)</title>", re.DOTALL)


def records(bootstrap: str, *, only: str = "") -> Iterator[Item]:
    """Every record of every topic, or of those whose names begin so: key, headers and value, unpacked."""
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    topics = [topic for topic in admin.list_topics() if topic != "__cluster_metadata" and topic.startswith(only)]
    admin.close()
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, consumer_timeout_ms=10_000)
    parts = [TopicPartition(topic, number) for topic in topics for number in consumer.partitions_for_topic(topic) or ()]
    consumer.assign(parts)
    consumer.seek_to_beginning(*parts)
    left = {part: end for part, end in consumer.end_offsets(parts).items() if end > 0}
    while left:
        for part, found in consumer.poll(timeout_ms=1_000).items():
            for record in found:
                where = f"{part.topic} {part.partition} {record.offset}"
                headers = b"\n".join(name.encode() + b"=" + (value or b"") for name, value in record.headers)
                yield Item("kafka", where, b"\n".join([record.key or b"", headers, record.value or b""]))
        left = {part: end for part, end in left.items() if consumer.position(part) < end}
    consumer.close()


def tables(channel: str, dsn: str) -> Iterator[Item]:
    """Every row of every table and view of a database, as text and, where a column is bytes, as those bytes too."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        columns = connection.execute(
            "SELECT table_schema, table_name, array_agg(column_name::text), array_agg(data_type = 'bytea')"
            " FROM information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"
            " GROUP BY 1, 2 ORDER BY 1, 2"
        ).fetchall()
        for schema, table, names, are_bytes in columns:
            wanted = [sql.SQL("{}::text").format(sql.Identifier(name)) for name in names]
            bytes_too = [name for name, is_bytes in zip(names, are_bytes, strict=True) if is_bytes]
            wanted += [sql.SQL("{}").format(sql.Identifier(name)) for name in bytes_too]
            statement = sql.SQL("SELECT {} FROM {}").format(sql.SQL(", ").join(wanted), sql.Identifier(schema, table))
            rows = connection.execute(statement).fetchall()
            cells = [cell if isinstance(cell, bytes) else str(cell).encode() for row in rows for cell in row]
            yield Item(channel, f"{schema}.{table}", b"\n".join(cells))
        running = connection.execute("SELECT query FROM pg_stat_activity WHERE pid <> pg_backend_pid()").fetchall()
        yield Item(channel, "pg_stat_activity", "\n".join(query or "" for (query,) in running).encode())


def files(channel: str, folder: Path) -> Iterator[Item]:
    """Every file under a folder."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield Item(channel, path.name, path.read_bytes())


def raw_files(folder: Path, texts: Mapping[str, bytes]) -> Iterator[str]:
    """Which texts stand as they are in a file under a folder: for data folders, too large to be searched in full."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            yield from (f"{name} in {path.name}" for name, text in texts.items() if text in content)


def metrics(ports: Mapping[str, int]) -> Iterator[Item]:
    """What each process tells a scraper."""
    for name, port in ports.items():
        answer = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=10)
        if answer.status_code == httpx.codes.OK:
            yield Item("metric", name, answer.content)


def parts_of(answer: httpx.Response, where: str, shows: Mapping[str, frozenset[str]]) -> Iterator[Item]:
    """An answer as items: addresses, headers, titles and the API's errors show nobody; a body may."""
    location = answer.headers.get("location", "").encode()
    headers = b"\n".join(name + b": " + value for name, value in answer.headers.raw)
    yield Item("header", where, headers)
    yield Item("url", where, location)
    kind = answer.headers.get("content-type", "")
    if kind.startswith("text/html"):
        yield Item("url", where, b"\n".join(LINKS.findall(answer.content)))
        yield Item("title", where, b"\n".join(TITLE.findall(answer.content)))
    is_problem = kind.startswith("application/problem+json")
    yield Item("error" if is_problem else "answer", where, answer.content, {} if is_problem else shows)
