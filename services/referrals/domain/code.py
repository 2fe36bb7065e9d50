"""Codes of other systems: whether a text can be one, by the check that the system itself has put into it.

A number that somebody typed would otherwise pass for a code, and her phone number leave in an event.
"""

import re

from services.referrals.domain.refusal import Unfit

_ICD_10_CM = re.compile(r"[A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?")
_LOINC = re.compile(r"([1-9][0-9]{0,6})-([0-9])")
# A core concept is item, 00, check digit; one of an extension is item, namespace of 7 digits, 10, check digit.
_SNOMED_CT_CONCEPT = re.compile(r"[1-9][0-9]{2,14}00[0-9]|[1-9][0-9]{7,14}10[0-9]")
_LONGEST_SNOMED_CT = 18
# SNOMED International has numbered no concept like that; one in a thousand such numbers has the right check digit.
_DIALS_IN_NORTH_AMERICA = re.compile(r"1?[2-9][0-9]{2}[2-9][0-9]{6}")

# J. Verhoeff, Error Detecting Decimal Codes (1969): the dihedral group of order 10, and a permutation by place.
_TIMES = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_PLACED = (
    "0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip


def is_code(text: str) -> bool:
    """Whether it is a code of ICD-10-CM by its form, or of SNOMED CT or LOINC by its check digit."""
    return _ICD_10_CM.fullmatch(text) is not None or is_snomed_ct_concept(text) or is_loinc(text)


def is_snomed_ct_concept(text: str) -> bool:
    """Whether it is an identifier of a concept (partition 00 or 10) that its Verhoeff digit confirms."""
    shaped = _SNOMED_CT_CONCEPT.fullmatch(text) is not None and len(text) <= _LONGEST_SNOMED_CT
    if not shaped or _DIALS_IN_NORTH_AMERICA.fullmatch(text):
        return False
    check = 0
    for place, digit in enumerate(reversed(text)):
        check = int(_TIMES[check][int(_PLACED[place % len(_PLACED)][int(digit)])])
    return check == 0


def is_loinc(text: str) -> bool:
    """Whether it is a number that its mod 10 digit confirms."""
    found = _LOINC.fullmatch(text)
    if found is None:
        return False
    number, check = found.groups()
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(number))]
    return (sum(each // 10 + each % 10 for each in doubled) + int(check)) % 10 == 0


def require_code(text: str | None) -> None:
    """Raises Unfit for a text that is no code."""
    if text is not None and not is_code(text):
        raise Unfit("no-such-code")
