"""Owns what was typed into a form: read once, kept when something is missing, never in an address."""

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from services.gateway.pages.api import ApiProblem

LONGEST_FIELD = 12_000
DIGITS = 9
BY_ITSELF, OVER = "by_itself", "over"
KEY_FORM = re.compile(r"[A-Za-z0-9_-]{16,64}")


# How the reader of forms says that something is more than it may take.
TOO_MUCH = re.compile(r"Too many|exceeded")


@dataclass(frozen=True)
class Missing:
    """One thing to mend: the field to go to and what to say."""

    field: str
    text: str


@dataclass
class Form:
    """The values of a form by name, and what is wrong with them. `key` makes pressing twice harmless.

    `returned`: it was typed in an earlier sign-in, and is shown before anything is done with it. `by_itself`: a script
    sent it, and nobody typed or pressed anything. `over`: it stood in a page whose sign-in was over, and is handed back
    rather than carried out, should there be one again.
    """

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    key: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    missing: list[Missing] = field(default_factory=list)
    returned: bool = False
    by_itself: bool = False
    over: bool = False

    @classmethod
    def of(cls, data: FormData) -> "Form":
        found: dict[str, tuple[str, ...]] = {}
        for name, value in data.multi_items():
            if isinstance(value, str):
                text = value.replace("\r\n", "\n").replace("\0", "").strip()[:LONGEST_FIELD]
                found[name] = (*found.get(name, ()), text)
        by_itself, over = (found.pop(name, None) is not None for name in (BY_ITSELF, OVER))
        key = (found.get("key") or ("",))[0]
        form = cls(found, by_itself=by_itself, over=over)
        return replace(form, key=key) if KEY_FORM.fullmatch(key) else form

    @property
    def version(self) -> int:
        """The version of what the form was drawn from; 0, which nothing has, where it does not say."""
        return self.number("version") or 0

    def one(self, name: str, otherwise: str = "") -> str:
        """The first value of a field; `otherwise` where there is none or it is empty."""
        return next((value for value in self.values.get(name, ()) if value), otherwise)

    def all(self, name: str) -> tuple[str, ...]:
        return self.values.get(name, ())

    def on(self, name: str, value: str) -> bool:
        """Whether a box or a radio button with this value is chosen."""
        return value in self.values.get(name, ())

    def asked(self, name: str) -> bool:
        """Whether the form was sent with this field at all."""
        return name in self.values

    def number(self, name: str) -> int | None:
        """A whole number as people write one, of `DIGITS` at most; None for none and for what is no such number."""
        text = self.one(name)
        return int(text) if text.isdecimal() and len(text) <= DIGITS else None

    def day(self, name: str) -> date | None:
        """A date as a browser writes it; None for none and for what is no date."""
        try:
            return date.fromisoformat(self.one(name))
        except ValueError:
            return None

    def needs(self, name: str, text: str, *, unless: bool | None = None) -> None:
        """Notes that something is missing, unless it is there."""
        if not (self.one(name) if unless is None else unless):
            self.missing.append(Missing(name, text))

    def fits(self, name: str, longest: int, text: str) -> None:
        """Notes that something is longer than can be kept: nothing of it is cut off."""
        if len(self.one(name)) > longest:
            self.missing.append(Missing(name, text))

    def put_in_order(self, fields: Sequence[str]) -> None:
        """What is wrong is told in the order of the page."""
        places = {name: place for place, name in enumerate(fields)}
        self.missing.sort(key=lambda entry: places.get(entry.field, len(places)))

    def wrong(self, name: str) -> str | None:
        """What is wrong with a field."""
        return next((entry.text for entry in self.missing if entry.field == name), None)

    def opens(self, name: str) -> bool:
        """Whether what folds around a field must stand open: it is wrong, or what was typed there is handed back."""
        return self.wrong(name) is not None or (self.returned and bool(self.one(name)))

    def blame(self, pointers: Sequence[str], fields: Mapping[str, tuple[str, str]], say: Callable[[str], str]) -> bool:
        """Notes what the API found wrong, by the longest known pointer, in the words that `say` has for it.

        False where a place is none of this form.
        """
        known = True
        for pointer in pointers:
            best = max((known for known in fields if pointer.startswith(known)), key=len, default=None)
            if best is None:
                known = False
            elif fields[best][0] not in {entry.field for entry in self.missing}:
                self.missing.append(Missing(fields[best][0], say(fields[best][1])))
        return known and bool(self.missing)


def unread(error: HTTPException) -> ApiProblem:
    """The problem of a form that could not be read: 413 where it holds too much, else 400."""
    if TOO_MUCH.search(error.detail):
        return ApiProblem(413, {"type": "/problems/form-too-large"})
    return ApiProblem(400, {"type": "/problems/malformed"})
