"""Owns invented papers: small PDFs and pictures as tests upload them, harmless and not."""

import zlib
from collections.abc import Mapping

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 40

CATALOG = b"<</Type/Catalog/Pages 2 0 R%b>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>"


def pdf(*more: bytes, catalog: bytes = b"", fill: int = 0) -> bytes:
    """A PDF of one empty page; `catalog` stands in its catalogue, `more` are objects from number 4 on."""
    objects = [CATALOG % catalog, PAGES, PAGE, *more]
    document, places = b"%PDF-1.7\n" + b"% " + b"x" * fill + b"\n", list[int]()
    for number, each in enumerate(objects, 1):
        places.append(len(document))
        document += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return document + table + trailer % (len(objects) + 1, len(document))


def packed(inner: bytes) -> bytes:
    """A PDF whose object 4 lies in a compressed object stream, with a cross-reference stream (PDF 1.5)."""
    head = b"4 0 "
    raw = zlib.compress(head + inner)
    objects = [CATALOG % b"/OpenAction 4 0 R", PAGES, PAGE]
    document, places = b"%PDF-1.7\n", list[int]()
    for number, each in enumerate(objects, 1):
        places.append(len(document))
        document += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    places.append(len(document))
    stream = b"<</Type/ObjStm/N 1/First %d/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream"
    document += b"5 0 obj\n%b\nendobj\n" % (stream % (len(head), len(raw), raw))
    at = len(document)
    rows = b"\0" * 4 + b"".join(b"\x01" + place.to_bytes(2) + b"\0" for place in places[:3])
    rows += (
        b"\x02" + (5).to_bytes(2) + b"\0" + b"\x01" + places[3].to_bytes(2) + b"\0" + b"\x01" + at.to_bytes(2) + b"\0"
    )
    table = zlib.compress(rows)
    head = b"<</Type/XRef/Size 7/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>" % len(table)
    return document + b"6 0 obj\n%b\nstream\n%b\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (head, table, at)


ACTION = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"

HARMFUL: Mapping[str, bytes] = {
    "a script that runs when it is opened": pdf(ACTION, catalog=b"/OpenAction 4 0 R"),
    "a script in the place of a page": pdf(catalog=b"/OpenAction<</S/JavaScript/JS(1)>>"),
    "a script by its short name": pdf(b"<</JS(1)>>"),
    "a script whose name is spelt otherwise": pdf(b"<</S/J#61vaScript/#4aS(1)>>"),
    "a script that no table names": pdf() + b"9 0 obj\n<</S/JavaScript>>\nendobj\n",
    "a script in an object stream": packed(ACTION),
    "a programme to start": pdf(b"<</S/Launch/F(calc.exe)>>"),
    "a file in the file": pdf(b"<</Type/EmbeddedFile/Length 1>>\nstream\nx\nendstream"),
    "a list of files in the file": pdf(catalog=b"/Names<</EmbeddedFiles<</Names[]>>>>"),
}
"""PDFs that are not kept, by what is in them."""
