"""Owns pairs of invented women, alike in all that may be known of them, and in nothing that says who they are."""

import random
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

GIVEN: Final = ("Testa", "Testaña", "Тестина", "テスタ", "تستا", "测试", "Te", "Testamustersampleexamplespecimen" * 2)
FAMILY: Final = {
    1: ("Sample", "O’Muster", "Примерова", "サンプル", "عينة", "Li", "Xx" * 30),
    3: ("Ejemplo de Muestra", "van der Muster", "П ри мер", "Of The Sample" * 3),
}
"""By how many words they have: a search has a condition for each."""
NOTES: Final = ("Rings twice.", "Звонить после шести, спросить тётю.", "Le gusta el café. " * 40, "朝は仕事。", "?")
ZIPS: Final = {"city": ("93701", "93702-1234", "93721", "93706"), "towns": ("93611", "93612-0001", "93654")}
"""Of the two groups of configuration that have more than one ZIP."""
BANDS: Final = {"<20": (16, 18), "20-24": (21, 23), "25-29": (26, 28), "30-34": (31, 33), "35-39": (36, 38)}
"""Ages well within each, in whatever zone it is counted."""


@dataclass(frozen=True)
class Woman:
    """Who she is, and what is written of her; `files` is what a file of hers holds."""

    identity: dict[str, Any] = field(repr=False)
    note: str = field(repr=False)
    file_name: str = field(repr=False)

    @property
    def name(self) -> str:
        one = self.identity["names"][0]
        return f"{one['given']} {one['family']}"

    @property
    def letters(self) -> str:
        """What is hers alone in all that is written of her."""
        return self.file_name.partition("-")[0]

    @property
    def mrn(self) -> str:
        return str(self.identity["mrn"])


def woman(number: int, side: int, today: date, *, band: str | None = None, zips: str | None = None) -> Woman:
    """One side of a pair: what is common to both follows from `number`, what is her own from `side` too."""
    common, own = random.Random(f"pair {number}"), random.Random(f"pair {number} side {side}")
    drawn_band, drawn_zips = common.choice(sorted(BANDS)), common.choice(sorted(ZIPS))
    band, zips = band or drawn_band, zips or drawn_zips
    age, month, day = own.randint(*BANDS[band]), own.randint(1, 12), own.randint(1, 28)
    born = date(today.year - age - ((month, day) > (today.month, today.day)), month, day)
    letters = "".join(own.choices("abcdefghjkmnpqrstuvwxyz", k=own.randint(3, 20)))
    # What structure is, is common: how many names and numbers she has.
    words = common.choice(sorted(FAMILY))
    names = [
        {"given": own.choice(GIVEN) + letters, "family": own.choice(FAMILY[words]) + letters[::-1]}
        for _ in range(common.choice((1, 1, 2)))
    ]
    phones = [
        own.choice(("({}) 555-{:04d}", "{}555{:04d}", "+1 {} 555 {:04d}")).format(
            own.choice(("559", "415", "209")), own.randrange(10_000)
        )
        for _ in range(common.choice((1, 1, 2)))
    ]
    identity = {
        "names": names,
        "birth_date": born.isoformat(),
        "phones": phones,
        "address": {
            "line": f"{own.randrange(1, 99_999)} {letters.title()} {own.choice(('St', 'Avenida de la Muestra'))}",
            "city": own.choice(("Fresno", "Exampleville", "Пример")),
            "zip": own.choice(ZIPS[zips]),
        },
        "language": common.choice(("en", "es", "hmn")),
        "medi_cal_cin": f"9{own.randrange(10**7):07d}{own.choice('ABCDEFG')}",
        "mrn": f"{own.choice(('M', 'MRN', ''))}{side}{number:05d}{letters}",
    }
    return Woman(identity, f"{own.choice(NOTES)} {letters}", f"{letters}-{own.randrange(10**6)}.png")
