"""Owns the shape of an identity as an agency states it, how it is written inside a seal, and which words find it."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Any, NoReturn, Self

import orjson
from pydantic import BaseModel, ConfigDict, Field, model_serializer, model_validator

from services.referrals.vault.seal import Unspoken

Json = dict[str, Any]

_APART = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_INSIDE_A_WORD = re.compile("['’ʼʻ`´]")
_WORD = re.compile(r"[^\W_]+")
_NOT_DIGITS = re.compile(r"[^0-9]")
_EXTENSION = re.compile(r"(?<=[0-9]) *[,;]? *(?:ext(?:ensi[oó]n)?[.:=]?|x|#) *[0-9]{1,6}\Z", re.IGNORECASE)
_US_DIGITS = 11


class _Part(Unspoken, BaseModel):
    """A part of an identity: printed, dumped or pickled it shows nothing; an error never repeats what was typed."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        return iter(())

    def __iter__(self) -> NoReturn:
        raise TypeError("an identity is not taken apart by iterating")

    @model_serializer(mode="plain")
    def _sealed(self) -> str:
        return "<sealed>"


class Name(_Part):
    """One name that she uses; either part may be missing, not both."""

    given: str | None = None
    family: str | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.words():
            raise ValueError("a name has a given or a family part")
        return self

    def text(self) -> str:
        """The name as a page prints it."""
        return " ".join(part for part in (self.given, self.family) if part)

    def words(self) -> frozenset[str]:
        """Its folded words."""
        return frozenset(folded(self.text()))


class Address(_Part):
    """Where she can be written to."""

    line: str | None = None
    city: str | None = None
    zip: str | None = None


class Identity(_Part):
    """Who she is, as one agency knows her. Only a name is needed; `mrn` is the agency's own number for her."""

    names: tuple[Name, ...] = Field(min_length=1)
    birth_date: date | None = None
    phones: tuple[str, ...] = ()
    address: Address | None = None
    language: str | None = None
    medi_cal_cin: str | None = None
    mrn: str | None = None

    def document(self) -> bytes:
        """The JSON that goes into the seal: sorted keys, nothing that was not stated."""
        stated = self.fields() | ({"mrn": self.mrn} if self.mrn else {})
        return orjson.dumps(stated, option=orjson.OPT_SORT_KEYS)

    @classmethod
    def of(cls, document: bytes) -> Self:
        """The identity that `document` wrote."""
        stated = orjson.loads(document)
        names = stated.pop("name")
        return cls.model_validate({**stated, "names": names})

    def fields(self) -> Json:
        """What was stated, by the name of the field that a client agrees to give.

        name: [{given, family}], birth_date: ISO date, phones: [text], address: {line, city, zip}, language,
        medi_cal_cin: text. The agency's own number is never among them.
        """
        every: Json = {
            "name": [_stated(name) for name in self.names],
            "birth_date": self.birth_date.isoformat() if self.birth_date else None,
            "phones": list(self.phones),
            "address": _stated(self.address) if self.address else None,
            "language": self.language,
            "medi_cal_cin": self.medi_cal_cin,
        }
        return {field: value for field, value in every.items() if value}

    def is_named_like(self, other: "Identity") -> bool:
        """True when a name of one holds every word of a name of the other: the same woman, as far as names tell."""
        pairs = ((mine.words(), theirs.words()) for mine in self.names for theirs in other.names)
        return any(mine <= theirs or theirs <= mine for mine, theirs in pairs)


def stated_fields(document: Json) -> Json:
    """What of a parsed `Identity.document` a client can agree to give: all but the agency's own number."""
    return {field: value for field, value in document.items() if field != "mrn"}


def folded(text: str) -> tuple[str, ...]:
    """The words of a name without case, accents and apostrophes; a text without a letter or digit is its own word."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_APART)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = tuple(_WORD.findall(_INSIDE_A_WORD.sub("", plain)))
    return words or tuple(text.split())


def phone_digits(text: str) -> str:
    """The digits of a phone number, without the country code of the United States and without an extension."""
    digits = _NOT_DIGITS.sub("", _EXTENSION.sub("", text))
    return digits[1:] if len(digits) == _US_DIGITS and digits.startswith("1") else digits


def folded_number(text: str) -> str:
    """An agency's own number without case and blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _stated(part: Name | Address) -> Json:
    stated = ((field, getattr(part, field)) for field in type(part).model_fields)
    return {field: value for field, value in stated if value}
