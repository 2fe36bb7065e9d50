"""Owns clients who exist to be looked for: every detail of theirs is unique, and known in all ways of writing it."""

import random
import string
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

MONTHS_ES = (
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()  # noqa: SIM905
)
AREA, EXCHANGE = "559", "555"


@dataclass(frozen=True)
class Canary:
    """An invented client. `facts`: each detail in the ways in which somebody may write it; `field`: what she gives."""

    label: str
    identity: dict[str, Any]
    note: str
    facts: dict[str, tuple[str, ...]]

    @property
    def name(self) -> str:
        given, family = self.facts["given name"][0], self.facts["family name"][0]
        return f"{given} {family}"


FIELD_OF = {
    "given name": "name",
    "family name": "name",
    "whole name": "name",
    "birth date": "birth_date",
    "phone": "phones",
    "street": "address",
    "city": "address",
    "zip": "address",
    "medi-cal number": "medi_cal_cin",
    "note": "note",
}


def canary(label: str, seed: int) -> Canary:
    """Somebody whom no other text can mean by chance: each word of hers has eight random letters."""
    chance = random.Random(seed)

    def word() -> str:
        return "".join(chance.choices(string.ascii_lowercase, k=8))

    def digits(count: int) -> str:
        return "".join(chance.choices("123456789", k=count))

    given, family = f"Testañ{word()}", f"Sample{word()}"
    born = date(1957 + seed % 9, chance.randint(1, 12), chance.randint(13, 28))
    phone, zip_code, city = digits(4), f"937{digits(2)}-{digits(4)}", f"Muster{word()}"
    line, cin, mrn = f"{digits(5)} {word().title()} Street", f"9{digits(7)}Q", f"MRN-{word().upper()}"
    note = f"Works mornings, likes {word()}."
    identity = {
        "names": [{"given": given, "family": family}],
        "birth_date": born.isoformat(),
        "phones": [f"({AREA}) {EXCHANGE}-{phone}"],
        "address": {"line": line, "city": city, "zip": zip_code},
        "language": "es",
        "medi_cal_cin": cin,
        "mrn": mrn,
    }
    return Canary(
        label=label,
        identity=identity,
        note=note,
        facts={
            "given name": spellings(given),
            "family name": spellings(family),
            "whole name": tuple(
                text
                for one in spellings(given)
                for text in (
                    f"{one} {family}",
                    f"{family} {one}",
                    f"{family}, {one}",
                    f"{one}{family}",
                    f"{one}|{family}",
                )
            ),
            "birth date": dates(born),
            "phone": phones(phone),
            "street": (line, line.split()[1]),
            "city": (city,),
            "zip": (zip_code, zip_code.replace("-", "")),
            "medi-cal number": (cin,),
            "agency's number": (mrn, mrn.removeprefix("MRN-")),
            "note": (note, note.removesuffix(".").split()[-1]),
        },
    )


def spellings(word: str) -> tuple[str, ...]:
    """The word as typed, decomposed, and without its accents."""
    decomposed = unicodedata.normalize("NFD", word)
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return tuple(dict.fromkeys((word, decomposed, bare)))


def dates(day: date) -> tuple[str, ...]:
    """A date in the ways in which it is written; none so short that chance could write it."""
    short = f"{day:%b}"
    seconds = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    return (
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day:%Y/%m/%d}",
        f"{day:%m/%d/%Y}",
        f"{day.month}/{day.day}/{day.year}",
        f"{day:%m-%d-%Y}",
        f"{day:%m%d%Y}",
        f"{day:%d.%m.%Y}",
        f"{day:%d/%m/%Y}",
        f"{day:%d-%m-%Y}",
        f"{day:%d%m%Y}",
        f"{day:%B} {day.day}, {day.year}",
        f"{day.day} {day:%B} {day.year}",
        f"{short} {day.day}, {day.year}",
        f"{day.day} {short} {day.year}",
        f"{day.day}-{short}-{day.year}",
        f"{day.day} de {MONTHS_ES[day.month - 1]} de {day.year}",
        f"{seconds}",
    )


def phones(last: str, area: str = AREA) -> tuple[str, ...]:
    """A phone number in the ways in which it is written."""
    return (
        f"({area}) {EXCHANGE}-{last}",
        f"{area}-{EXCHANGE}-{last}",
        f"{area}.{EXCHANGE}.{last}",
        f"{area} {EXCHANGE} {last}",
        f"{area}{EXCHANGE}{last}",
        f"+1{area}{EXCHANGE}{last}",
        f"+1 {area} {EXCHANGE} {last}",
        f"1-{area}-{EXCHANGE}-{last}",
        f"{EXCHANGE}-{last}",
        f"{EXCHANGE}.{last}",
    )
