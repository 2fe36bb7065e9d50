"""Owns the folder .closeknit: all state of a local run, closed to everybody else, deletable as a whole."""

import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LONGEST_SOCKET = 100  # the system's limit for the path of a Unix socket is 108 bytes
NOT_STATE = {"lock", "logs"}


class AlreadyRunning(Exception):
    """Another process runs the system of this folder."""


class State:
    """The folder and the names in it; making one creates the folder with mode 0700."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)

    @classmethod
    def here(cls) -> "State":
        """The state of the current folder, or of the one that CLOSEKNIT_HOME names."""
        return cls(Path(os.environ.get("CLOSEKNIT_HOME") or ".closeknit"))

    def within(self, name: str) -> Path:
        """A private subfolder, made when absent."""
        path = self.folder / name
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path

    def log(self, name: str) -> Path:
        return self.within("logs") / f"{name}.log"

    def heartbeat(self, name: str) -> Path:
        return self.within("run") / f"{name}.heartbeat"

    def socket(self, name: str) -> Path:
        """The path of a Unix socket: here, or where this folder's own path is too long for one, in a folder of ours."""
        path = self.within("run") / f"{name}.sock"
        if len(os.fsencode(path)) <= LONGEST_SOCKET:
            return path
        short = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        folder = Path(tempfile.gettempdir()) / f"closeknit-{os.geteuid()}-{short}"
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
            raise PermissionError(f"{folder} belongs to somebody else")
        return folder / f"{name}.sock"

    def read(self, name: str) -> Any | None:
        """A JSON document of ours, None when there is none or when it was cut off."""
        with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
            return json.loads((self.folder / name).read_text())
        return None

    def write(self, name: str, document: object) -> None:
        """Keep a JSON document, whole or not at all, mode 0600."""
        new = self.folder / f"{name}.{secrets.token_hex(4)}.new"
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(document, file, indent=1)
        new.replace(self.folder / name)

    def forget(self, name: str) -> None:
        (self.folder / name).unlink(missing_ok=True)

    def secret(self, name: str, size: int = 32) -> str:
        """A random secret as hex digits, made when first asked for, kept with mode 0600."""
        path = self.folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_hex(size))
        return path.read_text().strip()

    def clear(self) -> None:
        """Remove all data of earlier runs; the caller holds the lock."""
        for path in self.folder.iterdir():
            if path.name in NOT_STATE:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold this folder's system for this process; the hold ends with the process, however that ends."""
        with (self.folder / "lock").open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as taken:
                raise AlreadyRunning(self.where()) from taken
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            yield
            file.truncate(0)

    def holder(self) -> int | None:
        """The process that holds the folder, None when nobody does."""
        with contextlib.suppress(FileNotFoundError), (self.folder / "lock").open("r") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return int(file.read() or 0) or None
        return None

    def where(self) -> str:
        """Say that a system runs here, and where."""
        running = self.read("run.json") or {}
        url = running.get("gateway")
        return f"Closeknit is already running here{f': {url}' if url else ''} (`closeknit down` stops it)."
