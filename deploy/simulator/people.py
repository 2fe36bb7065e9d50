"""Owns invented clients: nobody could take their names, numbers or addresses for those of a real person."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from contracts.initiative import Initiative
from contracts.vocabulary import DetailedGroup, RaceEthnicity

OLDEST, YOUNGEST = 44, 16
DAYS_A_YEAR = 365.25
PHONE_LINES = 100  # 555-0100 to 555-0199 are kept free for fiction in every area code
SHARE_WITH_PHONE = 0.93
SHARE_WITH_ADDRESS = 0.8
SHARE_WITH_TWO_FAMILY_NAMES = 0.15

# Given names in the spellings that agencies meet; every family name says that its bearer does not exist.
GIVEN: dict[str, tuple[str, ...]] = {
    "en": (
        "Testa", "Mara", "Lia", "Nora", "Ida", "Rosa", "Mina", "Aleta", "Brielle", "Corinne", "Dalia", "Elva", "Fern",
        "Gilda", "Hattie", "Imani", "Jola", "Keisha", "Lorna", "Maeve", "Nia", "Opal", "Pearl", "Quinn", "Renata",
        "Sade", "Tamar", "Una", "Vida", "Wilma", "Xenia", "Yara", "Zora", "Anne-Marie", "D'Arcy",
    ),
    "es": (
        "María José", "Ana Sofía", "Inés", "Lucía", "Belén", "Concepción", "Dolores", "Estefanía", "Guadalupe",
        "Hortensia", "Itzel", "Jimena", "Lourdes", "Martina", "Noemí", "Ofelia", "Paloma", "Rocío", "Soledad",
        "Teresa", "Úrsula", "Verónica", "Xóchitl", "Yolanda", "Zulema",
    ),
    "hmn": (
        "Mai", "Pa Houa", "Kao Nou", "Xee", "Nkauj Hli", "Paj Ntaub", "Maiv Lis", "Yer", "Chue", "Gao Sheng", "Hnub",
        "Kab Npauj",
    ),
    "sm": ("Mele", "Sina", "Losa", "Tala", "Fa'aolataga", "Lupe", "Moana", "Teuila"),
}  # fmt: skip
FAMILY: dict[str, tuple[str, ...]] = {
    "en": (
        "Example", "Sample", "Notreal", "Muster", "Exempel", "Specimen", "Testcase", "Fictiona", "Madeup",
        "Pretend", "Dummywell", "Sampleton", "Examplesmith", "Nosuch",
    ),
    "es": ("Ejemplo", "Muestra", "Ficticia", "Inventada", "Supuesta", "de la Muestra", "Ejemplar", "Prueba"),
    "hmn": ("Pivtxwv", "Piv Txwv", "Sample-Xeem", "Example-Lub Npe"),
    "sm": ("Fa'ata'ita'iga", "Faataitai", "Sample-Fa'ata'ita'iga"),
}  # fmt: skip
STREETS = ("Sample Street", "Example Avenue", "Specimen Lane", "Muster Way", "Calle Ejemplo", "Fictional Road")


@dataclass(frozen=True, slots=True)
class Person:
    """An invented client as her first agency knows her. `phone` is local, in the range kept free for fiction.

    `races` and `groups` are what she would say of herself (R7).
    """

    given: str
    family: str
    birth_date: date
    language: str
    races: tuple[RaceEthnicity, ...]
    groups: tuple[DetailedGroup, ...]
    phone: str | None
    address: tuple[str, str, str] | None


Said = tuple[RaceEthnicity, DetailedGroup | None]

FEW: dict[Said, float] = {
    (RaceEthnicity.ASIAN, DetailedGroup.LAOTIAN): 0.035,
    (RaceEthnicity.ASIAN, DetailedGroup.CAMBODIAN): 0.035,
    (RaceEthnicity.ASIAN, DetailedGroup.JAPANESE): 0.035,
}
"""So few of a county's clients that no figure of theirs may be shown in a year, whatever is counted (R24)."""
SPEAKERS: dict[str, dict[Said, float]] = {
    "es": {(RaceEthnicity.HISPANIC, DetailedGroup.MEXICAN): 8, (RaceEthnicity.HISPANIC, DetailedGroup.SALVADORAN): 2},
    "hmn": {(RaceEthnicity.ASIAN, DetailedGroup.HMONG): 1},
    "sm": {(RaceEthnicity.PACIFIC_ISLANDER, DetailedGroup.SAMOAN): 1},
    "en": {
        (RaceEthnicity.HISPANIC, None): 5,
        (RaceEthnicity.WHITE, None): 4,
        (RaceEthnicity.BLACK, DetailedGroup.AFRICAN_AMERICAN): 3,
        (RaceEthnicity.ASIAN, DetailedGroup.FILIPINO): 1,
        (RaceEthnicity.ASIAN, DetailedGroup.PUNJABI): 1,
        **FEW,
    },
}
"""What speakers of a language say of themselves, by weight."""
OF_THE_BAY: dict[Said, float] = {
    (RaceEthnicity.BLACK, DetailedGroup.AFRICAN_AMERICAN): 6,
    (RaceEthnicity.WHITE, None): 4,
    (RaceEthnicity.HISPANIC, None): 2,
    (RaceEthnicity.PACIFIC_ISLANDER, DetailedGroup.TONGAN): 1,
    (RaceEthnicity.PACIFIC_ISLANDER, DetailedGroup.SAMOAN): 1,
    (RaceEthnicity.ASIAN, DetailedGroup.FILIPINO): 1,
    **FEW,
}
SHARE_OF_MIXTECO = 0.12
"""Of those who speak Spanish."""


@dataclass(frozen=True, slots=True)
class Makeup:
    """How an invented population is mixed: languages with their weights, where it lives, and who speaks English."""

    languages: dict[str, float]
    city: str
    area_code: str
    english: dict[Said, float] = field(default_factory=lambda: SPEAKERS["en"])


MAKEUPS: dict[str, Makeup] = {
    "fresno-ptbi": Makeup({"en": 0.52, "es": 0.37, "hmn": 0.11}, "Exampleville", "559"),
    "expecting-justice-sf": Makeup({"en": 0.66, "sm": 0.2, "es": 0.14}, "Sampleton", "415", OF_THE_BAY),
}
ANYWHERE = Makeup({"en": 0.7, "es": 0.3}, "Exampleville", "209")


def invent(initiative: Initiative, on: date, chance: Random) -> Person:
    """A client of child-bearing age on that day; the same chance makes the same person."""
    makeup = MAKEUPS.get(initiative.slug, ANYWHERE)
    language = chance.choices(list(makeup.languages), list(makeup.languages.values()))[0]
    pick: Callable[[tuple[str, ...]], str] = chance.choice
    family = pick(FAMILY[language])
    if chance.random() < SHARE_WITH_TWO_FAMILY_NAMES:
        family = f"{family} {pick(FAMILY['es'])}" if language == "es" else f"{family}-{pick(FAMILY['en'])}"
    age = chance.triangular(YOUNGEST, OLDEST, 27)
    races, groups = _says(makeup, language, chance)
    return Person(
        given=pick(GIVEN[language]),
        family=family,
        birth_date=on - timedelta(days=round(age * DAYS_A_YEAR)),
        language=language,
        races=races,
        groups=groups,
        phone=_phone(makeup, chance) if chance.random() < SHARE_WITH_PHONE else None,
        address=_address(initiative, makeup, chance) if chance.random() < SHARE_WITH_ADDRESS else None,
    )


def _says(makeup: Makeup, language: str, chance: Random) -> tuple[tuple[RaceEthnicity, ...], tuple[DetailedGroup, ...]]:
    of_hers = makeup.english if language == "en" else SPEAKERS.get(language, makeup.english)
    ((race, group),) = chance.choices(list(of_hers), list(of_hers.values()))
    if language == "es" and chance.random() < SHARE_OF_MIXTECO:
        return (RaceEthnicity.AMERICAN_INDIAN, race), (DetailedGroup.MIXTECO, *((group,) if group else ()))
    return (race,), (group,) if group else ()


def _phone(makeup: Makeup, chance: Random) -> str:
    return f"+1{makeup.area_code}55501{chance.randrange(PHONE_LINES):02}"


def _address(initiative: Initiative, makeup: Makeup, chance: Random) -> tuple[str, str, str]:
    groups = initiative.zip_groups
    start = chance.choice(chance.choice(groups).zips) if groups else "000"
    return f"{chance.randrange(1, 999)} {chance.choice(STREETS)}", makeup.city, start.ljust(5, "0")
