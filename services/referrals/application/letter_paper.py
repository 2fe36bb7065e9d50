"""The letter as paper: one page of Letter or A4, in English or Spanish, with a slip to tear off without a name."""

from collections.abc import Iterable, Mapping
from datetime import date
from html import escape
from io import BytesIO
from types import MappingProxyType
from typing import Any, Final
from unicodedata import combining, normalize

from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.platypus import Flowable, HRFlowable, KeepInFrame, Paragraph, SimpleDocTemplate, Spacer, Table

from services.referrals.domain.frozen import frozen
from services.referrals.domain.vocabulary import ContactMode

SIZES: Final = MappingProxyType({"letter": LETTER, "a4": A4})
_MARGIN: Final = 0.75 * inch
_PLAIN = ParagraphStyle("plain", fontName="Helvetica", fontSize=10, leading=14, spaceAfter=5)
_SMALL = ParagraphStyle("small", parent=_PLAIN, fontSize=8.5, leading=11)
_HEAD = ParagraphStyle("head", parent=_PLAIN, fontName="Times-Bold", fontSize=17, leading=21, spaceBefore=6)
_SECOND = ParagraphStyle("second", parent=_PLAIN, fontName="Times-Bold", fontSize=12, leading=15, spaceBefore=4)

WORDS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "en": {
            "to": "To <b>{receiver}</b>, {service}",
            "title": "Referral: {service}",
            "ask": "We ask you to help <b>{name}</b>{agreed}. Please answer by <b>{due}</b>, even if the answer is no.",
            "agreed": ", who agreed to this on {day}",
            "nameless": "a client of ours",
            "soon": "as soon as you can",
            "reach": "How to reach her",
            "words": "Contact her so",
            "forbidden": "Do not contact her: she comes by herself.",
            "only": "Contact her in these ways alone: {ways}.",
            "phone": "by phone",
            "text_two_way": "by text message that she answers",
            "text_one_way": "by text message",
            "video": "by video",
            "mail": "by mail",
            "home_visit": "at her home",
            "office_visit": "at your office",
            "community_visit": "somewhere else that she names",
            "language": "Language",
            "birth_date": "Born",
            "address": "Address",
            "due_date": "Due date",
            "note": "What we want to tell you",
            "what": "What we ask of you",
            "three": "Tell us three things, by the code below, by phone or on the slip: that you have this and will"
            " help or not; that you have met her; and how it ended. The referral is closed when we know.",
            "code": "<b>Code for your answer: {code}</b> at {link}. The code opens this one referral, not her record.",
            "back": "She may take back her agreement at any time. If you are not a health care provider, federal health"
            " privacy law may no longer protect this letter: keep it locked, and shred it when you have finished.",
            "slip": "Slip: please return to {sender}",
            "number": "Referral <b>{code}</b> (no name on this slip)",
            "will": "We will help, first contact planned for",
            "cannot": "We cannot, because",
            "met": "We met her on",
            "ended": "It ended on",
        },
        "es": {
            "to": "Para <b>{receiver}</b>, {service}",
            "title": "Derivación: {service}",
            "ask": "Le pedimos que ayude a <b>{name}</b>{agreed}. Responda por favor a más tardar el <b>{due}</b>,"
            " aunque la respuesta sea no.",
            "agreed": ", quien lo aceptó el {day}",
            "nameless": "una cliente nuestra",
            "soon": "en cuanto pueda",
            "reach": "Cómo comunicarse con ella",
            "words": "Comuníquese con ella así",
            "forbidden": "No se comunique con ella: ella viene por su cuenta.",
            "only": "Comuníquese con ella solo de estas maneras: {ways}.",
            "phone": "por teléfono",
            "text_two_way": "por mensaje de texto que ella conteste",
            "text_one_way": "por mensaje de texto",
            "video": "por video",
            "mail": "por correo",
            "home_visit": "en su casa",
            "office_visit": "en la oficina de usted",
            "community_visit": "en otro lugar que ella diga",
            "language": "Idioma",
            "birth_date": "Fecha de nacimiento",
            "address": "Dirección",
            "due_date": "Fecha probable de parto",
            "note": "Lo que queremos decirle",
            "what": "Lo que le pedimos",
            "three": "Díganos tres cosas, con el código de abajo, por teléfono o en el talón: que recibió esto y si"
            " ayudará o no; que ya vio a la persona; y cómo terminó. La derivación se cierra cuando lo sabemos.",
            "code": "<b>Código para su respuesta: {code}</b> en {link}. El código abre solo esta derivación, no el"
            " expediente de ella.",
            "back": "Ella puede retirar su permiso en cualquier momento. Si usted no es proveedor de salud, es posible"
            " que la ley federal de privacidad ya no proteja esta carta: guárdela bajo llave y destrúyala al terminar.",
            "slip": "Talón: devuélvalo por favor a {sender}",
            "number": "Derivación <b>{code}</b> (sin nombre en este talón)",
            "will": "Ayudaremos, primer contacto previsto para el",
            "cannot": "No podemos, porque",
            "met": "La vimos el",
            "ended": "Terminó el",
        },
    }
)


@frozen(kw_only=True)
class LetterText:
    """What stands on the page: names of agencies and of the service, dates, and what she agreed to give."""

    language: str
    today: date
    sender: str
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


def drawn(text: LetterText, size: str) -> bytes:
    """The page as a PDF. What is too long for it is set smaller: there is never a second page."""
    words, paper = WORDS[text.language], SIZES[size]
    out = BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=paper, leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN, bottomMargin=_MARGIN,
        title=_safe(words["title"].format(service=text.service)), author=_safe(text.sender), invariant=1,
    )  # fmt: skip
    width, height = paper[0] - 2 * _MARGIN - 12, paper[1] - 2 * _MARGIN - 12
    document.build([KeepInFrame(width, height, _story(text, words, width), mode="shrink")])
    return out.getvalue()


def _story(text: LetterText, words: Mapping[str, str], width: float) -> list[Flowable]:
    code = f"{text.code[:3]} {text.code[3:]}"
    agreed = words["agreed"].format(day=_day(text.agreed_on, text.language)) if text.agreed_on else ""
    due = _day(text.due, text.language) if text.due else words["soon"]
    name = _safe(text.name or words["nameless"])
    story: list[Flowable] = [
        _line(f"{_day(text.today, text.language)}<br/><b>{_safe(text.sender)}</b>", _SMALL),
        _line(words["to"].format(receiver=_safe(text.receiver), service=_safe(text.service))),
        _line(words["title"].format(service=_safe(text.service)), _HEAD),
        _line(words["ask"].format(name=name, agreed=agreed, due=due)),
    ]
    facts = [(words[label], value) for label, value in text.facts]
    if facts:
        rows = [[_line(f"<b>{label}</b>"), _line(_safe(value))] for label, value in facts]
        story.append(Table(rows, colWidths=[1.7 * inch, width - 1.7 * inch], hAlign="LEFT"))
    if text.modes:
        ways = ", ".join(words[mode.value] for mode in text.modes)
        story.append(_line(f"<b>{words['only'].format(ways=ways)}</b>"))
    if text.forbidden:
        story.append(_line(f"<b>{words['forbidden']}</b>"))
    story += [
        _line(words["what"], _SECOND),
        _line(words["three"]),
        _line(words["code"].format(code=code, link=_safe(text.link))),
        _line(words["back"], _SMALL),
        Spacer(1, 10),
        HRFlowable(width="100%", dash=(3, 3)),
        _line(words["slip"].format(sender=_safe(text.sender)), _SECOND),
        _line(words["number"].format(code=code)),
    ]
    return story + [
        _line(f"[&nbsp;&nbsp;&nbsp;] {words[each]} {'_' * 34}") for each in ("will", "cannot", "met", "ended")
    ]


def _line(markup: str, style: ParagraphStyle = _PLAIN) -> Paragraph:
    return Paragraph(markup, style)


def _safe(text: str) -> str:
    """Text for the page's own fonts (Windows-1252): a letter that they lack is set without its marks, else as "?"."""
    return escape("".join(_printable(sign) for sign in text)).replace("\n", "<br/>")


def _printable(sign: str) -> str:
    for tried in (sign, "".join(part for part in normalize("NFKD", sign) if not combining(part))):
        if tried and tried.encode("cp1252", "ignore").decode("cp1252") == tried:
            return tried
    return "?"


_MONTHS: Final = MappingProxyType(
    {
        "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
               "November", "December"),
        "es": ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
               "noviembre", "diciembre"),
    }
)  # fmt: skip


def _day(day: date | None, language: str) -> str:
    if day is None:
        return ""
    month = _MONTHS[language][day.month - 1]
    return f"{day.day} de {month} de {day.year}" if language == "es" else f"{day.day} {month} {day.year}"


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
