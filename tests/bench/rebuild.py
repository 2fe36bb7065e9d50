"""Rebuild: every projection anew from the first record, against a bare consumer that only parses the JSON."""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import orjson
from kafka import KafkaConsumer, TopicPartition

from services.measures.projection.rebuild import rebuild
from services.measures.settings import MeasuresSettings
from services.runtime.kafka import Consumer, Topic, create_topics, producer, reader, spans
from services.runtime.telemetry import Telemetry
from tests.bench.ground import broker, calibration, ground, last_line, say
from tests.measures.published import busy, publish

TOPIC: Final = "care.events.v1"
PARTITIONS: Final = 12
CLIENTS: Final = 2_000


@dataclass
class Timed:
    """Records a second in each round, and how long each poll of ours took until its rows were written (seconds)."""

    rates: list[float] = field(default_factory=list)
    polls: list[float] = field(default_factory=list)


def fill(bootstrap: str, count: int) -> int:
    """A county's events on the log, as the relay writes them; gives how many there are."""
    create_topics(bootstrap, [Topic(TOPIC, PARTITIONS, {"retention.ms": "-1"})])
    client = producer(bootstrap, "bench")
    facts = busy(CLIENTS, max(1, count // CLIENTS)).facts[:count]
    publish(client, TOPIC, facts)
    client.close()
    return len(facts)


def bare(bootstrap: str) -> KafkaConsumer:
    """kafka-python as it comes."""
    client = KafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, auto_offset_reset="earliest")
    client.assign([TopicPartition(TOPIC, number) for number in range(PARTITIONS)])
    return client


def tuned(bootstrap: str) -> Consumer:
    """kafka-python with the settings that ours has, larger fetches above all."""
    client = reader(bootstrap, "bench-floor")
    client.assign(list(spans(bootstrap, [TOPIC])))
    return client


def parse(client: Consumer, count: int) -> float:
    """Records a second of a consumer that parses every value."""
    began, seen = time.perf_counter(), 0
    while seen < count:
        for records in client.poll(timeout_ms=500).values():
            for record in records:
                orjson.loads(record.value or b"null")
            seen += len(records)
    took = time.perf_counter() - began
    client.close(autocommit=False)
    return seen / took


def ours(settings: MeasuresSettings, count: int, into: Timed) -> None:
    """The whole rebuild: a new schema, every record, indexes, comparison with the facts in use, and the switch."""
    marks: list[tuple[float, int]] = []
    began = time.perf_counter()
    result = rebuild(settings, [TOPIC], Telemetry.off(), lambda done, of: marks.append((time.perf_counter(), done)))
    into.rates.append(count / (time.perf_counter() - began))
    into.polls += [later - earlier for (earlier, before), (later, done) in pairwise(marks) if done > before]
    if (result.facts, result.parked) != (count, 0):
        raise SystemExit(f"rebuild: {result.facts} facts of {count}, {result.parked} parked")


def main() -> None:
    """Rounds of each shape by turns; the ratio is to the faster of the two floors in the same round."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=40_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with ground() as on, broker() as kafka:
        settings = MeasuresSettings(
            environment="development", measures_dsn=on.dsn("MEASURES_DSN"), kafka=kafka.bootstrap
        )
        count = fill(kafka.bootstrap, options.records)
        floors: dict[str, Callable[[str], Consumer]] = {"as it comes": bare, "tuned": tuned}
        rates: dict[str, list[float]] = {name: [] for name in floors}
        timed = Timed()
        say(f"{count} records, {PARTITIONS} partitions, {options.rounds} rounds; {calibration(on.folder)}")
        for _ in range(options.rounds):
            for name, made in floors.items():
                rates[name].append(parse(made(kafka.bootstrap), count))
            ours(settings, count, timed)
            shown = ", ".join(f"consumer {name} {found[-1]:.0f}/s" for name, found in rates.items())
            say(f"{shown}, rebuild {timed.rates[-1]:.0f}/s")
        floor = [max(round) for round in zip(*rates.values(), strict=True)]
        say(calibration(on.folder))
        say(last_line("rebuild", timed.rates, floor, timed.polls))


if __name__ == "__main__":
    main()
