"""A browser is found, shows a page, and its absence is one clear sentence."""

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page

from deploy.local import chromium
from deploy.local.child import PartMissing


def test_the_browser_shows_a_page(page: Page) -> None:
    page.set_content("<title>Sent</title><h1>It has arrived</h1>")
    assert page.title() == "Sent"
    assert page.get_by_role("heading").inner_text() == "It has arrived"


def test_one_that_does_not_start_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 127\n")
    broken.chmod(0o755)
    monkeypatch.setattr(chromium, "candidates", lambda: iter([broken, tmp_path / "absent"]))
    assert chromium.find() is None


def test_without_any_the_cure_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for way in ("find", "by_apt", "by_playwright"):
        monkeypatch.setattr(chromium, way, lambda: None)
    with pytest.raises(PartMissing, match="apt-get install chromium"):
        chromium.provide()


@pytest.mark.slow
def test_the_command_exits_with_three(tmp_path: Path) -> None:
    program = (
        "import deploy.local.chromium as c;"
        "source = open(c.__file__).read().replace('find() or by_apt() or by_playwright()', 'None');"
        "exec(compile(source, c.__file__, 'exec'), {'__name__': '__main__'})"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
