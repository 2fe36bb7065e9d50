"""Owns the pictures of figures: asks the drawing process, keeps what it drew, and makes it readable without eyes."""

import asyncio
import json
import re
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from markupsafe import Markup

KEPT = 200
DRAWING_SECONDS = 30.0
OPENING = re.compile(r"<svg[^>]*?viewBox=\"([^\"]+)\"[^>]*>")
GROUND = re.compile(r'<rect width="\d+(\.\d+)?" height="\d+(\.\d+)?" fill="white"/>')
ROLES = re.compile(r' (?:role|aria-roledescription|aria-label)="[^"]*"')


class Charts:
    """Pictures by what they show. A picture that cannot be had is None: its table says the same.

    The process is started by `subprocess` in a thread: the event loop's own way forks with all fork handlers, and a
    lock that one of them wants stops the whole gateway.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[str, str] = OrderedDict()
        self._process: subprocess.Popen[str] | None = None
        self._lock = asyncio.Lock()

    async def draw(self, wanted: Mapping[str, Any], name: str, title: str, description: str) -> Markup | None:
        """An inline SVG with a title and a description; `name` makes its ids unique on the page."""
        key = json.dumps(wanted, sort_keys=True)
        if key not in self._kept:
            try:
                async with self._lock, asyncio.timeout(DRAWING_SECONDS):
                    self._keep(key, await asyncio.to_thread(self._ask, key))
            except (TimeoutError, OSError, ValueError):
                self.close()
                return None
        return readable(self._kept[key], name, title, description)

    async def warm(self) -> None:
        """Starts the process before the first picture is wanted; its libraries load meanwhile."""
        async with self._lock:
            with suppress(OSError):
                await asyncio.to_thread(self._running)

    def close(self) -> None:
        """Ends the process; the next picture starts it again."""
        process, self._process = self._process, None
        if process is not None:
            with process:
                process.kill()

    def _keep(self, key: str, svg: str) -> None:
        self._kept[key] = svg
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def _ask(self, line: str) -> str:
        process = self._running()
        if process.stdin is None or process.stdout is None:
            raise OSError
        process.stdin.write(line + "\n")
        process.stdin.flush()
        return str(json.loads(process.stdout.readline()))

    def _running(self) -> subprocess.Popen[str]:
        if self._process is not None and self._process.poll() is not None:
            self.close()
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "services.gateway.pages.drawing"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        return self._process


def readable(svg: str, name: str, title: str, description: str) -> Markup:
    """A drawn picture as one image with its words, without a ground of its own."""
    opening = OPENING.match(svg)
    if opening is None:
        raise ValueError("no picture")
    inside = ROLES.sub("", GROUND.sub("", svg[opening.end() :], count=1))
    return Markup(
        '<svg class="plot drawn" viewBox="{box}" role="img" aria-labelledby="{name}-t {name}-d">'
        '<title id="{name}-t">{title}</title><desc id="{name}-d">{description}</desc>{inside}'
    ).format(box=opening[1], name=name, title=title, description=description, inside=Markup(inside))  # noqa: S704 - ours
