"""Owns the one paper that made-up agencies keep: a page that says that it is invented."""

from functools import cache
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas


@cache
def paper() -> bytes:
    """A PDF of one page, the same every time."""
    written = BytesIO()
    canvas = Canvas(written, invariant=1)
    canvas.drawString(72, 720, "Practice paper: nobody real is meant. Papel de práctica.")
    canvas.save()
    return written.getvalue()
