"""Owns what can be read off a page's HTML: headings, labels, addresses, and what a strict policy would stop."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
UNLABELLED = {"hidden", "submit", "button"}


@dataclass
class Reading(HTMLParser):
    """A page as its parts; `said` is its text by language. `wrong` holds one sentence for everything that no page of
    ours may have."""

    text: str
    wrong: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    title: str = ""
    addresses: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    fields: dict[str, str] = field(default_factory=dict)
    described: set[str] = field(default_factory=set)
    values: dict[str, list[str]] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[str] = []
        self._spoken = [""]
        self.feed(self.text)
        self.close()
        twice = {id for id in self.ids if self.ids.count(id) > 1}
        self.wrong += [f"id {id} twice" for id in sorted(twice)]
        self.wrong += [f"{id} has no label" for id in self.fields if id not in self.labels]
        self.wrong += [f"{id} describes and is not there" for id in sorted(self.described - set(self.ids))]
        if len(self.headings) != 1:
            self.wrong.append(f"{len(self.headings)} first headings")
        if self._open:
            self.wrong.append(f"left open: {self._open}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append(tag)
            self._spoken.append(given.get("lang", self._spoken[-1]))
        if tag == "h1":
            self.headings.append("")
        self._look(tag, given)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "label":
            self.labels.add(given.get("for", ""))
        for name in ("aria-describedby", "aria-labelledby"):
            self.described |= set(given.get(name, "").split())
        if tag in {"input", "select", "textarea"}:
            if given.get("type") not in UNLABELLED:
                self.fields[given.get("id", f"a nameless {tag}")] = tag
            self.values.setdefault(given.get("name", ""), []).append(given.get("value", ""))
        self.addresses += [given[name] for name in ("href", "src", "action") if name in given]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.wrong.append(f"</{tag}> closes something else")
        self._spoken[1:] = self._spoken[1:-1]

    def handle_data(self, data: str) -> None:
        self.said[self._spoken[-1]] = self.said.get(self._spoken[-1], "") + data
        if "h1" in self._open and self.headings:
            self.headings[-1] += data
        if self._open[-1:] == ["title"] and "svg" not in self._open:
            self.title += data
        if self._open[-1:] in (["script"], ["style"]) and data.strip():
            self.wrong.append(f"inline {self._open[-1]}")

    def _look(self, tag: str, given: dict[str, str]) -> None:
        for name, value in given.items():
            if name == "style" or name.startswith("on"):
                self.wrong.append(f"inline {name} on {tag}")
            if name in {"href", "src", "action", "srcset"} and re.match(r"(?i)(https?:)?//|javascript:|data:", value):
                self.wrong.append(f"{tag} asks somebody else: {value}")
        if tag == "a" and not given.get("href"):
            self.wrong.append("a link to nowhere")
        if int(given.get("tabindex") or 0) > 0:
            self.wrong.append("an order of its own")
        if tag == "img" and "alt" not in given:
            self.wrong.append("a picture without words")
