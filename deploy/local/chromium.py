"""Owns where the browser of the tests comes from: Debian's Chromium, found or installed, else Playwright's own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from deploy.local.child import PartMissing

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FOLDERS = "/usr/bin:/usr/local/bin:/snap/bin"
PACKAGES = ("chromium", "fonts-liberation")


def find() -> Path | None:
    """Return a Chromium that starts: the one CLOSEKNIT_CHROMIUM names, the system's, Playwright's; None without any."""
    return next((path for path in candidates() if starts(path)), None)


def candidates() -> Iterator[Path]:
    if named := os.environ.get("CLOSEKNIT_CHROMIUM"):
        yield Path(named)
    for name in NAMES:
        for folders in (None, FOLDERS):
            if found := shutil.which(name, path=folders):
                yield Path(found)
    yield from playwrights_own()


def playwrights_own() -> Iterator[Path]:
    """Yield the browser that Playwright would start, where its package is installed."""
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- half a second, and for developers only
    except ModuleNotFoundError:
        return
    with sync_playwright() as playwright:
        yield Path(playwright.chromium.executable_path)


def starts(path: Path) -> bool:
    """Say whether the browser runs at all (its libraries may be missing)."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def version(path: Path) -> str:
    done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=30, check=False)
    return done.stdout.strip()


def provide() -> Path:
    """Return a Chromium, installing one where that is allowed; PartMissing says how to get one otherwise."""
    found = find() or by_apt() or by_playwright()
    if found is None:
        raise PartMissing(
            "There is no Chromium to test the pages with: install one (Debian: apt-get install chromium)."
        )
    return found


def by_apt() -> Path | None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None
    print("installing Debian's Chromium", file=sys.stderr)  # noqa: T201 -- said while make waits
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-q"],
        ["apt-get", "install", "-q", "-y", "--no-install-recommends", *PACKAGES],
    ):
        if subprocess.run(command, env=env, capture_output=True, check=False).returncode != 0:
            return None
    return find()


def by_playwright() -> Path | None:
    print("getting Playwright's Chromium", file=sys.stderr)  # noqa: T201 -- said while make waits
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    subprocess.run(command, capture_output=True, check=False)
    return find()


if __name__ == "__main__":
    try:
        print(provide())  # noqa: T201 -- the answer of this little command
    except PartMissing as missing:
        print(missing, file=sys.stderr)  # noqa: T201 -- as above
        sys.exit(3)
