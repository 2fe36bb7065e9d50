"""Owns what pages show of an initiative: a text, which is the same words in each of its languages, and a name."""

from typing import Annotated, Self

from pydantic import AfterValidator, ConfigDict, Field, RootModel, model_validator

from contracts.directory import Language
from contracts.one_line import UNSEEN, holds_unseen, is_blank

ORIGIN = "en"
"""The language that every text has: a page in another one shows it, and says so, where that one's words are missing."""


def one_line(text: str) -> str:
    """The text, where it is a line that can be read. Raises ValueError."""
    if holds_unseen(text):
        raise ValueError("must be one line: a line break, or another character that cannot be seen, is in it")
    if is_blank(text):
        raise ValueError("must be there: nothing of it can be seen")
    return text


Name = Annotated[str, Field(max_length=600, json_schema_extra={"pattern": f"^[^{UNSEEN}]+$"}), AfterValidator(one_line)]
"""What something is called, in its own language."""

Said = Annotated[str, Field(min_length=1, max_length=1200)]


class Text(RootModel[dict[Language, Said]]):
    """What is said, by the code of the language that it is said in; English always."""

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="after")
    def _in_english(self) -> Self:
        if ORIGIN not in self.root:
            raise ValueError("no words in en")
        return self

    def language(self, wanted: str) -> str:
        """The language in which `said` answers: the wanted one where there are words in it, else English."""
        return wanted if wanted in self.root else ORIGIN

    def said(self, wanted: str) -> str:
        return self.root[self.language(wanted)]
