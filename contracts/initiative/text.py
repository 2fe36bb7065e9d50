"""Owns a text that pages show: the same words in each language of an initiative."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, RootModel, model_validator

from contracts.directory import Language

ORIGIN = "en"
"""The language that every text has: a page in another one shows it, and says so, where that one's words are missing."""

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
