"""A client's list of disclosures as paper: Letter or A4, in English or Spanish, without her name."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from uuid import UUID

from reportlab.lib.units import inch
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, KeepTogether, SimpleDocTemplate, Spacer

from contracts.vocabulary.need_words import NEED_WORDS
from services.referrals.application.accounting import Accounted
from services.referrals.application.disclosure_words import WORDS
from services.referrals.application.inquiry_seen import InquirySeen
from services.referrals.application.letter_faces import Faces
from services.referrals.application.letter_paper import HEAD, SECOND, SIZES, SMALL, line, told_day
from services.referrals.application.letter_script import marked_up
from services.referrals.domain.accounting import EntryKind
from services.referrals.domain.frozen import frozen
from services.referrals.domain.inquiry import Cause

_MARGIN = 0.75 * inch
NOON = 12


@frozen(kw_only=True)
class Listed:
    """What stands on the paper: entries, the newest first, how agencies are called, and which local time it was.

    `asked` is what officers were asked about an entry, by its id; `is_telling`: whether an agency's name alone tells of
    what is not to be named.

    `part_2`: it is the list of who got treatment records of substance use, which names them.
    """

    language: str
    part_2: bool
    today: date
    agency: str
    entries: Sequence[Accounted]
    asked: Mapping[UUID, Sequence[InquirySeen]]
    name_of: Callable[[str], str]
    is_telling: Callable[[str], bool]
    local: Callable[[datetime], datetime]


def drawn(text: Listed, size: str, known: Faces) -> bytes:
    """The list as a PDF of as many pages as it takes; several say which each of them is of how many."""
    paper, pages = _drawn(text, size, known, None)
    return paper if pages == 1 else _drawn(text, size, known, pages)[0]


def _drawn(text: Listed, size: str, known: Faces, pages: int | None) -> tuple[bytes, int]:
    """The paper, and how many pages it has: until that is known they bear no numbers."""
    out, words = BytesIO(), WORDS[text.language]

    def numbered(canvas: Canvas, document: BaseDocTemplate) -> None:
        if pages is not None:
            canvas.setFont(SMALL.fontName, SMALL.fontSize)
            number = words["page"].format(page=document.page, pages=pages)
            canvas.drawRightString(SIZES[size][0] - _MARGIN, _MARGIN / 2, number)

    document = SimpleDocTemplate(
        out, pagesize=SIZES[size], leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN, bottomMargin=_MARGIN,
        title=words["title_part_2" if text.part_2 else "title"], author=_called(text, words, text.agency), invariant=1,
    )  # fmt: skip
    document.build(list(_story(text, words, known)), onFirstPage=numbered, onLaterPages=numbered)
    return out.getvalue(), document.page


def _story(text: Listed, words: Mapping[str, str], known: Faces) -> Iterator[Flowable]:
    made = words["made"].format(day=told_day(text.today, text.language), agency=_called(text, words, text.agency))
    yield line(words["title_part_2" if text.part_2 else "title"], HEAD)
    if text.part_2:
        yield line(words["part_2"], SECOND)
    yield line(marked_up(made, known), SMALL)
    yield line(words["whose"], SMALL)
    if not text.entries:
        yield line(words["none_part_2" if text.part_2 else "none"])
    for each in text.entries:
        yield KeepTogether(list(_entry(text, words, each, known)))
    yield Spacer(1, 10)
    yield line(words["wrong"], SMALL)


def _entry(text: Listed, words: Mapping[str, str], each: Accounted, known: Faces) -> Iterator[Flowable]:
    """When, who and what; why; then, each in a line of its own, what officers found, and what she asked of it."""
    at = text.local(each.entry.at)
    headline = marked_up(_headline(text, words, each), known)
    yield line(f"{told_day(at, text.language)}, {_clock(at, words)}: {headline}", SECOND)
    hidden = _is_hidden(text, each)
    why = " ".join(_why(text, words, each, hidden=hidden))
    for said in (why, *_found(text, words, each), *_asked(text, words, each, hidden=hidden)):
        if said:
            yield line(marked_up(said, known))


def _headline(text: Listed, words: Mapping[str, str], each: Accounted) -> str:
    entry = each.entry
    agency = words["another"] if each.unnamed else _called(text, words, entry.to, hidden=_is_hidden(text, each))
    fields = _listed(words, [words[name.value] for name in entry.fields]) or words["no_fields"]
    return _begun(words[entry.kind.value].format(agency=agency, fields=fields))


def _is_hidden(text: Listed, each: Accounted) -> bool:
    """Whether what an entry is about is not to be named, nor who is in it."""
    return (each.entry.restricted is not None and not text.part_2) or _is_unnamed(text, each.entry.to)


def _is_unnamed(text: Listed, agency: str) -> bool:
    """Whether an agency is not to be named: the list of who got treatment records names all."""
    return text.is_telling(agency) and not text.part_2


def _called(text: Listed, words: Mapping[str, str], agency: str, *, hidden: bool = False) -> str:
    """An agency inside a sentence: its name, or what it is."""
    return words["restricted"] if hidden or _is_unnamed(text, agency) else text.name_of(agency)


def _listed(words: Mapping[str, str], names: Sequence[str]) -> str:
    """Several in one sentence; none is nothing."""
    *most, last = names or [""]
    return words["and"].format(most=", ".join(most), last=last) if most else last


def _clock(at: datetime, words: Mapping[str, str]) -> str:
    """The time of day, of 12 hours."""
    hour = at.hour % NOON or NOON
    return words["am" if at.hour < NOON else "pm"].format(time=f"{hour}:{at:%M}")


def _why(text: Listed, words: Mapping[str, str], each: Accounted, *, hidden: bool) -> Iterator[str]:
    entry, then, now = each.entry, each.then, each.now
    if entry.exception is not None:
        yield words[entry.emergency or entry.exception.code]
        if each.reason is not None and not hidden:
            yield words["reason"].format(reason=each.reason)
    elif entry.kind is EntryKind.TIMELINE:
        yield words["care"]
    elif entry.domain is not None:
        yield words["lead"]
    elif entry.category is not None and not hidden:
        yield words["need"].format(need=NEED_WORDS[text.language][entry.category])
    if entry.by is not None and entry.kind is not EntryKind.READ and not hidden:
        yield _begun(words["by"].format(agency=_called(text, words, entry.by)))
    if then is not None:
        yield words["agreed"].format(day=told_day(then.recorded.on, text.language))
    if now is not None and now.ended_on is not None:
        yield words["ended"].format(day=told_day(now.ended_on, text.language))


def _found(text: Listed, words: Mapping[str, str], each: Accounted) -> Iterator[str]:
    """What officers found who looked at what was done without her yes, or until when they look."""
    for one in text.asked.get(each.entry.id, ()):
        opened, answered = one.state.opened, one.state.answered
        if opened.cause is Cause.QUESTION:
            continue
        unnamed = _is_hidden(text, each) or _is_unnamed(text, opened.to_agency)
        agency = _called(text, words, opened.to_agency, hidden=unnamed)
        day = told_day(text.local(one.state.answered_at or one.state.due), text.language)
        said = _begun(words[(answered and answered.finding) or "not_yet"].format(agency=agency, day=day))
        wrote = "" if one.answer is None or unnamed else words["reason"].format(reason=one.answer)
        yield f"{said} {wrote}".rstrip()


def _asked(text: Listed, words: Mapping[str, str], each: Accounted, *, hidden: bool) -> Iterator[str]:
    """What she asked of it, and who answered what, or answers by when; where nobody is to be named, nobody is."""
    asked = [one for one in text.asked.get(each.entry.id, ()) if one.state.opened.cause is Cause.QUESTION]
    if asked:
        yield words["you_asked"].format(text=asked[0].text or words["no_words"])
    for one in asked:
        agency = _called(text, words, one.state.opened.to_agency, hidden=hidden)
        day = told_day(text.local(one.state.answered_at or one.state.due), text.language)
        said = words["answered" if one.state.answered else "answers"]
        yield _begun(said.format(agency=agency, day=day, text=one.answer or words["no_words"]))


def _begun(sentence: str) -> str:
    """A sentence that may begin with what an agency is, where it is not named: with a capital letter."""
    return sentence[:1].upper() + sentence[1:]
