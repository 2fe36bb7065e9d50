"""Owns the languages of the pages: catalogues, and dates and numbers as people write them."""

import gettext
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from contracts.vocabulary.need_words import NEED_WORDS

CATALOGUES = Path(__file__).parent / "locales"
DEFINITIONS = "definitions"
"""The folder in it with the words of measures' definitions, which come from the API."""
ORIGIN = "en"
"""The language of the texts themselves: it has no catalogue."""
OTHER_LANGUAGES = {"mix": "Mixteco", "sm": "Gagana Samoa"}
"""What languages are called that CLDR has no words for."""
OWN_NAMES = {**OTHER_LANGUAGES, "hmn": "Hmoob"}
"""What those languages call themselves that CLDR does not describe."""
COUNTRY = "US"
NOON = 12
NEAR = timedelta(days=150)
NORTH_AMERICAN = re.compile(r"^\+1([0-9]{3})([0-9]{3})([0-9]{4})(?![0-9])")


def N_(text: str) -> str:  # noqa: N802 - the marker that every extractor knows
    """Marks a text for the catalogues where it is only looked up later."""
    return text


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802 - as N_
    """Marks a text in its two forms, of one and of several, where `Words.count` only looks it up later."""
    return one, many


# Near dates have the weekday, far ones the year; short where they stand in a gutter or a table; told to a client as
# she says them. A catalogue gives its language's own order, in the letters of CLDR.
PATTERNS: Mapping[str, str] = {
    "near": N_("EEE d MMM"),
    "far": N_("d MMM y"),
    "long": N_("EEEE, d MMMM"),
    "whole": N_("d MMMM y"),
    "month": N_("MMMM y"),
    "in_month": N_("MMMM y"),
    "told": N_("MMMM d"),
    "dated": N_("MMMM d, y"),
}


WITH_YEAR: Mapping[str, str] = {"long": "whole", "told": "dated"}


def spoken(catalogues: Path) -> dict[str, str]:
    """Every language that the pages speak, by its code, as it calls itself: English, and each that has a catalogue."""
    codes = (ORIGIN, *sorted(path.stem for path in catalogues.glob("*.po")))
    return {code: _own_name(code) for code in codes}


def _own_name(code: str) -> str:
    name = OWN_NAMES.get(code) or _locale(code).languages.get(code) or code
    return str(name[:1].upper() + name[1:])


@cache
def _locale(language: str) -> Locale:
    """How a language is written in the United States (1,234 in Spanish too), or anywhere; as English if need be."""
    for written in (f"{language}_{COUNTRY}", language):
        try:
            return Locale.parse(written)
        except UnknownLocaleError:
            continue
    return Locale.parse(f"{ORIGIN}_{COUNTRY}")


LANGUAGES: Mapping[str, str] = spoken(CATALOGUES)


@cache
def translations(language: str, catalogues: Path = CATALOGUES) -> gettext.NullTranslations:
    """The catalogue of a language, from its .po file; English is the text itself."""
    found = _read(catalogues / f"{language}.po", language)
    found.add_fallback(_read(catalogues / DEFINITIONS / f"{language}.po", language))
    found.add_fallback(_needs(language))
    return found


def _needs(language: str) -> gettext.NullTranslations:
    """What needs are called, as it is called on paper too."""
    catalogue = Catalog(locale=language)
    for code, text in NEED_WORDS.get(language, {}).items():
        catalogue.add(NEED_WORDS[ORIGIN][code], text)
    return _compiled(catalogue)


def _read(path: Path, language: str) -> gettext.NullTranslations:
    if not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        return _compiled(read_po(file, locale=language))


def _compiled(catalogue: Catalog) -> gettext.NullTranslations:
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
        """A date: weekday when near, year when far, or in a named style; a far one has its year in each of them.

        `month` begins a line, `in_month` stands inside one.
        """
        day = self.local(on).date() if isinstance(on, datetime) else on
        near = abs(day - today) <= NEAR
        chosen = style or ("near" if near else "far")
        chosen = WITH_YEAR.get(chosen, chosen) if not near else chosen
        written = format_date(day, self.say(PATTERNS[chosen]), locale=_locale(self.language))
        return written[:1].upper() + written[1:] if chosen == "month" else written.replace(".", "")

    def time(self, at: datetime) -> str:
        """A local time of day, 24 hours."""
        return format_time(self.local(at), "HH:mm", locale=_locale(self.language))

    def clock(self, at: datetime) -> str:
        """A local time of day as a client says it, 12 hours."""
        local = self.local(at)
        text = N_("%(time)s am") if local.hour < NOON else N_("%(time)s pm")
        return self.say(text, time=format_time(local, "h:mm", locale=_locale(self.language)))

    def phone(self, number: str) -> str:
        """A phone number as people here say it: a North American one in its three parts, any other as it is."""
        return NORTH_AMERICAN.sub(r"\1 \2 \3", number)

    def number(self, value: float) -> str:
        return format_decimal(value, locale=_locale(self.language))

    def size(self, length: int) -> str:
        """So many bytes as people say it: 340 KB, 2.4 MB; never less than 1 KB."""
        if length < 1_000_000:  # noqa: PLR2004 - a megabyte, as file managers show it
            return f"{self.number(max(1, round(length / 1000)))} KB"
        return f"{self.number(round(length / 1_000_000, 1))} MB"

    def listed(self, parts: list[str]) -> str:
        """ "a, b and c"."""
        return format_list(parts, locale=_locale(self.language))

    def language_name(self, code: str, *, inside: bool = False) -> str:
        """What a language is called in this one, `inside` a sentence or by itself; the code where nobody knows."""
        name = OTHER_LANGUAGES.get(code) or _locale(self.language).languages.get(code) or code
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
    return next((code for _, code in sorted(wanted, key=lambda item: item[0]) if code in LANGUAGES), ORIGIN)
