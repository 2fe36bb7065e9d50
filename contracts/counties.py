"""California's counties by name, as FIPS lists them (state 06): what a service may say that it serves."""

from collections.abc import Iterable
from typing import Final

CALIFORNIA: Final = (
    *("Alameda", "Alpine", "Amador", "Butte", "Calaveras", "Colusa", "Contra Costa", "Del Norte", "El Dorado"),
    *("Fresno", "Glenn", "Humboldt", "Imperial", "Inyo", "Kern", "Kings", "Lake", "Lassen", "Los Angeles", "Madera"),
    *("Marin", "Mariposa", "Mendocino", "Merced", "Modoc", "Mono", "Monterey", "Napa", "Nevada", "Orange", "Placer"),
    *("Plumas", "Riverside", "Sacramento", "San Benito", "San Bernardino", "San Diego", "San Francisco"),
    *("San Joaquin", "San Luis Obispo", "San Mateo", "Santa Barbara", "Santa Clara", "Santa Cruz", "Shasta", "Sierra"),
    *("Siskiyou", "Solano", "Sonoma", "Stanislaus", "Sutter", "Tehama", "Trinity", "Tulare", "Tuolumne", "Ventura"),
    *("Yolo", "Yuba"),
)


def county_of(said: str, counties: Iterable[str]) -> str | None:
    """The county of this list that is meant, however written ("fresno", "Fresno County"); None for no such one."""
    wanted = " ".join(said.casefold().removesuffix("county").split())
    return next((county for county in counties if county.casefold() == wanted), None)
