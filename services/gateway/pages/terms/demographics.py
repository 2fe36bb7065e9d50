"""Owns what people call themselves, in the words that they are asked in, and who pays for their care (R7)."""

from collections.abc import Mapping

from services.gateway.pages.words import N_

RACES: Mapping[str, str] = {
    "american_indian_alaska_native": N_("American Indian or Alaska Native"),
    "asian": N_("Asian"),
    "black_african_american": N_("Black or African American"),
    "hispanic_latino": N_("Hispanic or Latino"),
    "middle_eastern_north_african": N_("Middle Eastern or North African"),
    "native_hawaiian_pacific_islander": N_("Native Hawaiian or Pacific Islander"),
    "white": N_("White"),
}

GROUPS: Mapping[str, Mapping[str, str]] = {
    "american_indian_alaska_native": {
        "california_tribe": N_("A tribe of California"),
        "other_tribe": N_("Another tribe"),
        "maya": N_("Maya"),
        "mixteco": N_("Mixteco"),
        "triqui": N_("Triqui"),
        "zapoteco": N_("Zapoteco"),
    },
    "asian": {
        "asian_indian": N_("Asian Indian"),
        "cambodian": N_("Cambodian"),
        "chinese": N_("Chinese"),
        "filipino": N_("Filipino"),
        "hmong": N_("Hmong"),
        "japanese": N_("Japanese"),
        "korean": N_("Korean"),
        "laotian": N_("Laotian"),
        "punjabi": N_("Punjabi"),
        "vietnamese": N_("Vietnamese"),
    },
    "black_african_american": {
        "african_american": N_("African American"),
        "eritrean": N_("Eritrean"),
        "ethiopian": N_("Ethiopian"),
        "nigerian": N_("Nigerian"),
    },
    "hispanic_latino": {
        "colombian": N_("Colombian"),
        "cuban": N_("Cuban"),
        "guatemalan": N_("Guatemalan"),
        "honduran": N_("Honduran"),
        "mexican": N_("Mexican"),
        "nicaraguan": N_("Nicaraguan"),
        "puerto_rican": N_("Puerto Rican"),
        "salvadoran": N_("Salvadoran"),
    },
    "middle_eastern_north_african": {
        "armenian": N_("Armenian"),
        "egyptian": N_("Egyptian"),
        "iranian": N_("Iranian"),
        "lebanese": N_("Lebanese"),
        "syrian": N_("Syrian"),
        "yemeni": N_("Yemeni"),
    },
    "native_hawaiian_pacific_islander": {
        "chamorro": N_("Chamorro"),
        "fijian": N_("Fijian"),
        "native_hawaiian": N_("Native Hawaiian"),
        "samoan": N_("Samoan"),
        "tongan": N_("Tongan"),
    },
    "white": {},
}

SAID_BY: Mapping[str, str] = {
    "self_reported": N_("She said so herself"),
    "staff_observed": N_("We think so; she was not asked"),
    "imported": N_("It was in papers or a file"),
}

PAYERS: Mapping[str, str] = {
    "medi_cal": N_("Medi-Cal"),
    "private": N_("Private insurance"),
    "medicare": N_("Medicare"),
    "military": N_("Military insurance"),
    "other_public": N_("Another public insurance"),
    "none": N_("None"),
}
