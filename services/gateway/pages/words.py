"""Owns the languages of the pages: catalogues, and dates and numbers as people write them."""

import gettext
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

LANGUAGES: Mapping[str, str] = {"en": "English", "es": "Español"}
# As it is written in the United States: 1,234 in both.
WRITTEN: Mapping[str, str] = {"en": "en_US", "es": "es_US"}
CATALOGUES = Path(__file__).parent / "locales"
OTHER_LANGUAGES = {"mix": "Mixteco", "sm": "Gagana Samoa"}
NEAR = timedelta(days=150)
NORTH_AMERICAN = re.compile(r"^\+1([0-9]{3})([0-9]{3})([0-9]{4})(?![0-9])")

# Near dates have the weekday, far ones the year; short where they stand in a gutter or a table.
PATTERNS: Mapping[str, Mapping[str, str]] = {
    "en": {"near": "EEE d MMM", "far": "d MMM y", "long": "EEEE, d MMMM", "whole": "d MMMM y", "month": "MMMM y"},
    "es": {
        "near": "EEE d MMM",
        "far": "d MMM y",
        "long": "EEEE d 'de' MMMM",
        "whole": "d 'de' MMMM 'de' y",
        "month": "MMMM 'de' y",
    },
}


def N_(text: str) -> str:  # noqa: N802 - the marker that every extractor knows
    """Marks a text for the catalogues where it is only looked up later."""
    return text


def translations(language: str) -> gettext.NullTranslations:
    """The catalogue of a language, from its .po file; English is the text itself."""
    path = CATALOGUES / f"{language}.po"
    if not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@dataclass(frozen=True)
class Words:
    """One language in one time zone. Datetimes that come in are aware; what goes out is local."""

    language: str
    catalogue: gettext.NullTranslations
    zone: tzinfo

    def say(self, text: str, **values: object) -> str:
        """The text in this language, with named values put in."""
        found = self.catalogue.gettext(text) if text else ""
        return found % values if values else found

    def count(self, one: str, many: str, number: int, **values: object) -> str:
        """The text for so many of something; `%(number)s` is the number."""
        return self.catalogue.ngettext(one, many, number) % {"number": self.number(number), **values}

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def day(self, on: date | datetime, today: date, style: str | None = None) -> str:
        """A date: weekday when near, year when far, or in a named style; a long one that is far has its year too."""
        day = self.local(on).date() if isinstance(on, datetime) else on
        near = abs(day - today) <= NEAR
        chosen = style or ("near" if near else "far")
        chosen = "whole" if chosen == "long" and not near else chosen
        written = format_date(day, PATTERNS[self.language][chosen], locale=WRITTEN[self.language])
        return written[:1].upper() + written[1:] if chosen == "month" else written.replace(".", "")

    def time(self, at: datetime) -> str:
        """A local time of day, 24 hours."""
        return format_time(self.local(at), "HH:mm", locale=WRITTEN[self.language])

    def phone(self, number: str) -> str:
        """A phone number as people here say it: a North American one in its three parts, any other as it is."""
        return NORTH_AMERICAN.sub(r"\1 \2 \3", number)

    def number(self, value: float) -> str:
        return format_decimal(value, locale=WRITTEN[self.language])

    def listed(self, parts: list[str]) -> str:
        """ "a, b and c"."""
        return format_list(parts, locale=WRITTEN[self.language])

    def language_name(self, code: str, *, inside: bool = False) -> str:
        """What a language is called in this one, `inside` a sentence or by itself; the code where nobody knows."""
        name = OTHER_LANGUAGES.get(code) or Locale(self.language).languages.get(code) or code
        return str(name if inside else name[:1].upper() + name[1:])


def preferred(chosen: str | None, stated: str | None, accepted: str | None) -> str:
    """The language to speak: what was chosen on a page, else what the sign-in says of the person, else the browser's
    first that we have, else English."""
    for code in (chosen or "", (stated or "").lower().replace("_", "-").partition("-")[0]):
        if code in LANGUAGES:
            return code
    wanted = []
    for part in (accepted or "").split(","):
        code, _, weight = part.partition(";q=")
        try:
            wanted.append((-float(weight or 1), code.strip().lower().partition("-")[0]))
        except ValueError:
            continue
    return next((code for _, code in sorted(wanted, key=lambda item: item[0]) if code in LANGUAGES), "en")
