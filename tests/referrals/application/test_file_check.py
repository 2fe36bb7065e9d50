"""What a file is by its bytes, and what of a PDF is not kept."""

import pytest

from services.referrals.application.file_check import PDF, kind_of, look_into
from services.referrals.domain.refusal import UnfitFile
from tests.papers import HARMFUL, JPEG, PNG, packed, pdf


@pytest.mark.parametrize(
    ("name", "beginning", "kind"),
    [
        ("letter.pdf", pdf(), PDF),
        ("Scan.PDF", pdf(), PDF),
        ("card.png", PNG, "image/png"),
        ("card.jpg", JPEG, "image/jpeg"),
        ("a.b.jpeg", JPEG, "image/jpeg"),
    ],
)
def test_three_kinds_are_known_by_their_bytes(name: str, beginning: bytes, kind: str) -> None:
    assert kind_of(name, beginning) == kind


@pytest.mark.parametrize(
    ("name", "beginning", "slug"),
    [
        ("letter.pdf", b"", "file-empty"),
        ("letter.pdf", PNG, "file-not-as-named"),
        ("letter.pdf", b"MZ\x90\0", "file-not-as-named"),
        ("letter.exe", pdf(), "file-not-as-named"),
        ("letter", pdf(), "file-not-as-named"),
        ("notes.docx", b"PK\x03\x04", "file-type-unknown"),
        ("pdf", b"<html>", "file-type-unknown"),
    ],
)
def test_what_is_none_of_them_or_not_as_named_is_refused(name: str, beginning: bytes, slug: str) -> None:
    with pytest.raises(UnfitFile) as raised:
        kind_of(name, beginning)
    assert raised.value.slug == slug


@pytest.mark.parametrize("what", HARMFUL)
def test_a_pdf_that_runs_or_carries_something_is_refused(what: str) -> None:
    with pytest.raises(UnfitFile) as raised:
        look_into(HARMFUL[what])
    assert raised.value.slug == "file-with-script"


@pytest.mark.parametrize(
    "document",
    [pdf(), pdf(catalog=b"/OpenAction[3 0 R/Fit]"), pdf(b"(JavaScript and JS as words)"), packed(b"<</D 1>>")],
)
def test_a_pdf_of_pages_alone_is_kept(document: bytes) -> None:
    look_into(document)


@pytest.mark.parametrize(
    "document",
    [b"%PDF-1.7\n", pdf()[:200], pdf().replace(b"/Root 1 0 R", b"/Root 1 0 R/Encrypt<</Filter/Standard/V 1/R 2>>")],
    ids=["nothing in it", "broken off", "locked"],
)
def test_a_pdf_that_nobody_can_look_into_is_refused(document: bytes) -> None:
    with pytest.raises(UnfitFile) as raised:
        look_into(document)
    assert raised.value.slug == "file-unreadable"
