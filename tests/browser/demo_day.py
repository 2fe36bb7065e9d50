"""A scripted day in a county, played in a real browser on a system of its own, with a picture of each scene.

Besides the day of `county_day`: the sign-in, a record opened in an emergency, her own pages in English and Spanish.

python -m tests.browser.demo_day [FOLDER]    pictures in FOLDER, by default .closeknit/day
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from deploy.local import chromium
from tests.browser.county_day import Day, the_day
from tests.browser.shown_day import in_an_emergency, signs_in
from tests.fix_line import line_in


def main() -> int:
    """Play it, tell each part, and say where the pictures are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(".closeknit/day"))
    pictures: Path = parser.parse_args().folder
    pictures.mkdir(parents=True, exist_ok=True)
    flags = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with (
        tempfile.TemporaryDirectory(prefix="closeknit-day-") as folder,
        line_in(Path(folder) / "line") as line,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium.find() or chromium.provide(), args=flags)
        day = Day(line.url, browser, pictures)
        signs_in(day)
        the_day(day, lambda text: _say(f"{text} ..."))
        _say("The clinic opens her record in an emergency, and she reads who saw it ...")
        in_an_emergency(day)
        day.end()
        browser.close()
    _say(f"demo-day points={len(day.scenes)} failed=0; pictures in {pictures}")
    return 0


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
