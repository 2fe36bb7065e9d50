"""Draws one SVG as PNG, from the standard input to the output, in a process of its own that ends with it.

vl-convert brings the faces along that a bare server lacks.
"""

import sys

TWICE = 2.0


def main() -> None:
    """Reads an SVG, writes a PNG at twice its size."""
    import vl_convert  # noqa: PLC0415 - loaded by this process alone

    sys.stdout.buffer.write(vl_convert.svg_to_png(sys.stdin.read(), scale=TWICE))


if __name__ == "__main__":
    main()
