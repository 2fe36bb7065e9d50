"""Owns the settings of a local run: ports that are free, connection strings, secrets, folders."""

import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from psycopg.conninfo import make_conninfo

from deploy import topics
from deploy.databases import DATABASES
from deploy.local import ports, postgres
from deploy.local.state import State
from services.referrals.vault.keys import ensure_root_key

WANTED = {
    "gateway": 8080,
    "referrals": 8081,
    "measures": 8082,
    "issuer": 8084,
    "postgres": 5432,
    "kafka": 9092,
    "controller": 9093,
}
# Who may know what: a setting named here reaches these processes and no other; every other setting reaches all.
KNOWN_TO = {
    "CLOSEKNIT_REFERRALS_DSN": {"referrals", "relay", "timers"},
    "CLOSEKNIT_IDENTITY_DSN": {"referrals"},
    "CLOSEKNIT_MEASURES_DSN": {"measures", "consume"},
    "CLOSEKNIT_REFERRALS_HISTORY_DSN": set[str](),
    "CLOSEKNIT_REFERRALS_OWNER_DSN": set[str](),
    "CLOSEKNIT_IDENTITY_OWNER_DSN": set[str](),
    "CLOSEKNIT_MEASURES_OWNER_DSN": set[str](),
    "CLOSEKNIT_KEYS": {"referrals", "relay"},
    "CLOSEKNIT_SESSION_KEY": {"gateway"},
    "CLOSEKNIT_ENDED_SIGN_INS": {"gateway"},
    "CLOSEKNIT_ISSUER_KEYS": {"trickle"},
}


@dataclass
class Ports:
    """The ports of one run, each reserved against other supervisors of this machine while this object lives."""

    numbers: dict[str, int] = field(default_factory=dict)
    marks: list[socket.socket] = field(default_factory=list)

    def __getitem__(self, name: str) -> int:
        return self.numbers[name]

    def release(self) -> None:
        for mark in self.marks:
            mark.close()
        self.marks.clear()


def choose_ports(environ: Mapping[str, str], told: Callable[[str], None]) -> Ports:
    """Take the wanted ports (CLOSEKNIT_<NAME>_PORT, else the usual ones); `told` hears of each that was busy."""
    chosen = Ports()
    for name, usual in WANTED.items():
        wanted = int(environ.get(f"CLOSEKNIT_{name.upper()}_PORT") or usual)
        port = wanted
        while True:
            port = ports.next_free(port, chosen.numbers.values())
            mark = ports.reserve(port)
            if mark is not None:
                break
            port += 1
        chosen.numbers[name] = port
        chosen.marks.append(mark)
        if port != wanted:
            told(f"port {wanted} is busy: {name} takes {port}")
    return chosen


def settings_of(state: State, chosen: Ports, home: postgres.Home, environ: Mapping[str, str]) -> dict[str, str]:
    """Return every CLOSEKNIT_ setting of this run; what `environ` says of levels, ratios and the like stands."""
    http = {name: f"http://{ports.LOOPBACK}:{chosen[name]}" for name in ("gateway", "issuer")}
    ensure_root_key(state.within("keys"))
    return {
        "CLOSEKNIT_TRACE_RATIO": "0.02",
        "CLOSEKNIT_LOG_LEVEL": "INFO",
        "CLOSEKNIT_TELEMETRY": str(state.within("telemetry")),
        "CLOSEKNIT_INITIATIVES": str(topics.INITIATIVES),
        **{name: value for name, value in environ.items() if name.startswith("CLOSEKNIT_")},
        "CLOSEKNIT_ENVIRONMENT": "development",
        "CLOSEKNIT_KEYS": str(state.within("keys")),
        "CLOSEKNIT_SESSION_KEY": state.secret("secrets/session"),
        "CLOSEKNIT_ENDED_SIGN_INS": str(state.folder / "sign-ins"),
        "CLOSEKNIT_KAFKA": f"{ports.LOOPBACK}:{chosen['kafka']}",
        "CLOSEKNIT_ISSUER_KEYS": str(state.within("issuer")),
        "CLOSEKNIT_ISSUER": http["issuer"],
        "CLOSEKNIT_JWKS_URL": f"{http['issuer']}/jwks",
        "CLOSEKNIT_PUBLIC_URL": http["gateway"],
        "CLOSEKNIT_GATEWAY_HOST": ports.LOOPBACK,
        "CLOSEKNIT_REFERRALS_SOCKET": str(state.socket("referrals")),
        "CLOSEKNIT_MEASURES_SOCKET": str(state.socket("measures")),
        **{f"CLOSEKNIT_{name.upper()}_PORT": str(chosen[name]) for name in ("gateway", "referrals", "measures")},
        **connections(state, chosen["postgres"], home),
    }


def connections(state: State, port: int, home: postgres.Home) -> dict[str, str]:
    """Return the connection strings of every database's owner and logins."""
    found = {}
    for database in DATABASES:
        owner = postgres.dsn(home, port, database.name)
        found[database.owner_setting] = owner
        for role, setting in database.logins.items():
            found[setting] = make_conninfo(owner, user=role, password=state.secret(f"secrets/{role}", 16))
    return found


def environment_of(process: str, everything: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of one process: the system's own, and the settings that it may know."""
    system = {name: value for name, value in os.environ.items() if not name.startswith("CLOSEKNIT_")}
    known = {name: value for name, value in everything.items() if process in KNOWN_TO.get(name, {process})}
    return {**system, **known, "PYTHONUNBUFFERED": "1"}
