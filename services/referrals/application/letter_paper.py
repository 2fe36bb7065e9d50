"""The letter as paper: one page of Letter or A4, in English or Spanish, with a slip to tear off without a name."""

from collections.abc import Iterable, Mapping
from datetime import date
from io import BytesIO
from types import MappingProxyType
from typing import Any, Final

from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.platypus import Flowable, HRFlowable, KeepInFrame, Paragraph, SimpleDocTemplate, Spacer, Table

from contracts.directory import Address, Phone
from services.referrals.application.letter_faces import Faces
from services.referrals.application.letter_lines import lines_of
from services.referrals.application.letter_script import is_shaped, is_whole, marked_up
from services.referrals.application.letter_words import WORDS
from services.referrals.domain.frozen import frozen
from services.referrals.domain.vocabulary import ContactMode

SIZES: Final = MappingProxyType({"letter": LETTER, "a4": A4})
_MARGIN: Final = 0.75 * inch
_LABEL: Final = 1.7 * inch
_PLAIN = ParagraphStyle("plain", fontName="Helvetica", fontSize=10, leading=14, spaceAfter=5)
SMALL = ParagraphStyle("small", parent=_PLAIN, fontSize=8.5, leading=11)
HEAD = ParagraphStyle("head", parent=_PLAIN, fontName="Times-Bold", fontSize=17, leading=21, spaceBefore=6)
SECOND = ParagraphStyle("second", parent=_PLAIN, fontName="Times-Bold", fontSize=12, leading=15, spaceBefore=4)


@frozen(kw_only=True)
class LetterText:
    """What stands on the page: names of agencies and of the service, dates, and what she agreed to give."""

    language: str
    today: date
    sender: str
    phones: tuple[Phone, ...] = ()
    addresses: tuple[Address, ...] = ()
    receiver: str
    service: str
    due: date | None
    agreed_on: date | None
    name: str | None
    facts: tuple[tuple[str, str], ...]
    modes: tuple[ContactMode, ...]
    forbidden: bool
    code: str
    link: str


def drawn(text: LetterText, size: str, known: Faces) -> bytes:
    """The page as a PDF. What is too long for it is set smaller: there is never a second page."""
    words, paper = WORDS[text.language], SIZES[size]
    out = BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=paper, leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN, bottomMargin=_MARGIN,
        title=words["title"].format(service=text.service), author=text.sender, invariant=1,
    )  # fmt: skip
    width, height = paper[0] - 2 * _MARGIN - 12, paper[1] - 2 * _MARGIN - 12
    document.build([KeepInFrame(width, height, _story(text, words, width, known), mode="shrink")])
    return out.getvalue()


def _story(text: LetterText, words: Mapping[str, str], width: float, known: Faces) -> list[Flowable]:
    code = f"{text.code[:3]} {text.code[3:]}"
    agreed = words["agreed"].format(day=day_of(text.agreed_on, text.language)) if text.agreed_on else ""
    due = day_of(text.due, text.language) if text.due else words["soon"]
    apart = text.name is not None and is_shaped(text.name, known)
    name = words["named_below"] if apart else marked_up(text.name or words["nameless"], known)
    story: list[Flowable] = [
        line("<br/>".join(_head(text, known)), SMALL),
        line(words["to"].format(receiver=marked_up(text.receiver, known), service=marked_up(text.service, known))),
        line(words["title"].format(service=marked_up(text.service, known)), HEAD),
        line(words["ask"].format(name=name, agreed=agreed, due=due)),
    ]
    story += _facts(text, words, width, known)
    if text.modes:
        ways = ", ".join(words[mode.value] for mode in text.modes)
        story.append(line(f"<b>{words['only'].format(ways=ways)}</b>"))
    if text.forbidden:
        story.append(line(f"<b>{words['forbidden']}</b>"))
    story += [
        line(words["what"], SECOND),
        line(words["three"].format(ways=words[_ways(text)])),
        line(words["code"].format(code=code, link=marked_up(text.link, known))),
        line(words["back"], SMALL),
        Spacer(1, 10),
        HRFlowable(width="100%", dash=(3, 3)),
        line(words["slip"].format(sender=marked_up(", ".join([text.sender, *_slip_goes(text, words)]), known)), SECOND),
        line(words["number"].format(code=code)),
    ]
    return story + [
        line(f"[&nbsp;&nbsp;&nbsp;] {words[each]} {'_' * 34}") for each in ("will", "cannot", "met", "ended")
    ]


def _facts(text: LetterText, words: Mapping[str, str], width: float, known: Faces) -> list[Flowable]:
    """What she agreed to give, line by line, and what of it this page cannot print."""
    facts = [(words["name"], text.name)] if text.name and is_shaped(text.name, known) else []
    facts += [(words[label], value) for label, value in text.facts]
    found: list[Flowable] = []
    if facts:
        beside = width - _LABEL
        rows = [[line(f"<b>{label}</b>"), lines_of(value, _PLAIN, beside - 12, known)] for label, value in facts]
        found.append(Table(rows, colWidths=[_LABEL, beside], hAlign="LEFT"))
    if not is_whole(text.name, known):
        found.append(line(f"<b>{words['name_unprinted']}</b>"))
    if not all(is_whole(value, known) for _, value in text.facts):
        found.append(line(f"<b>{words['unprinted']}</b>"))
    return found


def _head(text: LetterText, known: Faces) -> Iterable[str]:
    """Who sends it and how to answer: the day, the name with the street, the phones with when they are answered."""
    yield day_of(text.today, text.language)
    yield ", ".join(
        [f"<b>{marked_up(text.sender, known)}</b>", *(marked_up(_street(each), known) for each in text.addresses[:1])]
    )
    for phone in text.phones:
        said = WORDS[text.language]["fax"].format(number=phone.number) if phone.type == "fax" else phone.number
        yield marked_up(", ".join(filter(None, (said, phone.description))), known)


def _street(address: Address) -> str:
    return f"{address.address_1}, {address.city} {address.state_province} {address.postal_code}"


def _ways(text: LetterText) -> str:
    """By what it can be answered: the code always, a phone or a slip where the sender says its number or its street."""
    by_phone = any(phone.type == "voice" for phone in text.phones)
    by_slip = bool(text.addresses) or any(phone.type == "fax" for phone in text.phones)
    return {(True, True): "by_both", (True, False): "by_phone", (False, True): "by_slip"}.get(
        (by_phone, by_slip), "by_code"
    )


def _slip_goes(text: LetterText, words: Mapping[str, str]) -> Iterable[str]:
    """Where the slip is returned to: a fax, else the street."""
    faxes = [words["fax"].format(number=phone.number) for phone in text.phones if phone.type == "fax"]
    return faxes[:1] or [_street(each) for each in text.addresses[:1]]


def line(markup: str, style: ParagraphStyle = _PLAIN) -> Paragraph:
    """One paragraph of what was marked up."""
    return Paragraph(markup, style)


_MONTHS: Final = MappingProxyType(
    {
        "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
               "November", "December"),
        "es": ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
               "noviembre", "diciembre"),
    }
)  # fmt: skip


def day_of(day: date | None, language: str) -> str:
    """A date as people here write it; empty for none."""
    if day is None:
        return ""
    month = _MONTHS[language][day.month - 1]
    return f"{day.day} de {month} de {day.year}" if language == "es" else f"{day.day} {month} {day.year}"


def told_day(day: date, language: str) -> str:
    """A date as a client says it, on paper of her own."""
    if language == "es":
        return day_of(day, language)
    return f"{_MONTHS[language][day.month - 1]} {day.day}, {day.year}"


def facts_of(fields: Mapping[str, Any], note: str | None, words: str | None) -> Iterable[tuple[str, str]]:
    """What she agreed to give, in the order of the page: a label's name and its text."""
    if fields.get("phones"):
        yield "reach", ", ".join(fields["phones"])
    if words:
        yield "words", words
    if fields.get("language"):
        yield "language", str(fields["language"])
    if fields.get("birth_date"):
        yield "birth_date", str(fields["birth_date"])
    if address := fields.get("address"):
        yield "address", ", ".join(filter(None, (address.get(part) for part in ("line", "city", "zip"))))
    if fields.get("due_date"):
        yield "due_date", str(fields["due_date"])
    if note:
        yield "note", note
