"""Owns the real browser of a test run: Debian's Chromium, driven by Playwright."""

import functools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from deploy.local import chromium

FIXTURES_WITH_BROWSER = {"browser", "chromium_path", "page", "context"}


@functools.cache
def found() -> Path | None:
    return chromium.find()


def pytest_report_header() -> str:
    path = found()
    return f"browser: {chromium.version(path) if path else 'none (make test finds or installs one)'}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks for a browser, so that `make test-fast` leaves it out."""
    for item in items:
        if FIXTURES_WITH_BROWSER & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """The browser's path; a run without a browser fails here, with the cure."""
    return found() or chromium.provide()


@pytest.fixture(scope="module")
def browser(chromium_path: Path) -> Iterator[Browser]:
    """A running Chromium for one module's tests; such a module holds no async test (Playwright keeps the loop)."""
    flags = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium_path, args=flags)
        yield running
        running.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh browser profile: no cookie of another test."""
    made = browser.new_context(locale="en-US", timezone_id="America/Los_Angeles")
    made.set_default_timeout(10_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page whose script errors and blocked resources fail the test."""
    made = context.new_page()
    problems: list[str] = []
    made.on("pageerror", lambda error: problems.append(str(error)))
    made.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    yield made
    assert problems == []
