"""Draws figures as SVG in a process of its own: the libraries take seconds to load and memory that the gateway lacks.

One JSON document a line comes in, one JSON text a line goes out; the end of the input is the end of the process.
"""

import json
import sys
from typing import Any

FOCUS, INK, OTHER, RULE, GRID = "#7a2e6f", "#23262a", "#5f6b76", "#8a5a00", "#e2dfd7"
# The reader's face may be wider than the one that the drawing measures with.
PADDING = {"left": 36, "right": 18, "top": 8, "bottom": 4}


def svg(wanted: dict[str, Any]) -> str:
    """One picture. The colours are names: the stylesheet turns each into the one of the reader's scheme."""
    import vl_convert  # noqa: PLC0415 - loaded by this process alone, when the first picture is wanted

    chart = dots(wanted) if wanted["kind"] == "dots" else trend(wanted)
    spec = chart.configure_view(stroke=None).configure_axis(
        gridColor=GRID, domain=False, ticks=False, labelColor=INK, titleColor=INK, labelFontSize=12, titleFontSize=12,
        titleFontWeight="normal", labelLimit=220,
    )  # fmt: skip
    return str(vl_convert.vegalite_to_svg(spec.to_dict()))


QUARTER = (
    "datum.index == 0 || slice(datum.value, 5) == 'Q1'"
    " ? [slice(datum.value, 5), slice(datum.value, 0, 4)] : slice(datum.value, 5)"
)


def scale(wanted: dict[str, Any]) -> Any:
    """From a ten below the lowest to a ten above the highest: dots and lines may start away from zero."""
    import altair  # noqa: PLC0415 - as above

    values = [value for row in wanted["rows"] for value in (row["low"], row["high"], row["last"]) if value is not None]
    low, high = max(0, min(values) // 10 * 10), min(100, -(-max(values) // 10) * 10)
    return altair.Scale(domain=[low, high], nice=False)


def dots(wanted: dict[str, Any]) -> Any:
    """A dot for this release, a ring for the last, a line for the interval; the rule is all needs together."""
    import altair as alt  # noqa: PLC0415 - as above

    rows = wanted["rows"]
    base = alt.Chart(_data(rows))
    y = alt.Y("label:N", sort=[row["label"] for row in rows], axis=alt.Axis(title=None, grid=False, labelPadding=10))
    x = alt.X("percent:Q", scale=scale(wanted), axis=alt.Axis(title=wanted["axis"], tickCount=5))
    layers = [
        base.mark_rule(size=3, color=OTHER).encode(y=y, x=alt.X("low:Q", scale=scale(wanted)), x2="high:Q"),
        base.transform_filter("isValid(datum.last)")
        .mark_point(filled=True, fill="#ffffff", stroke=OTHER, strokeWidth=1.75, size=70, opacity=1)
        .encode(y=y, x=alt.X("last:Q", scale=scale(wanted))),
        base.mark_point(filled=True, size=140, color=OTHER, opacity=1).encode(y=y, x=x),
        base.mark_text(dy=17, fontSize=12, color=INK).encode(y=y, x=x, text="percent:Q"),
    ]
    if wanted["total"] is not None:
        total = alt.Chart(_data([{"percent": wanted["total"], "word": wanted["total_word"]}]))
        layers.insert(0, total.mark_rule(strokeDash=[5, 4], size=1.5, color=RULE).encode(x=x))
        layers.append(
            total.mark_text(color=RULE, fontSize=12, fontWeight="bold", dy=-8).encode(
                x=x, y=alt.value(0), text="word:N"
            )
        )
    return alt.layer(*layers).properties(width=250, height=alt.Step(44), padding=PADDING)


def trend(wanted: dict[str, Any]) -> Any:
    """A line through the quarters with its band; a quarter that is too few is a small cross, and the line breaks.

    It breaks as well where there was nothing to count, without a cross.
    """
    import altair as alt  # noqa: PLC0415 - as above

    rows = wanted["rows"]
    base = alt.Chart(_data(rows))
    x = alt.X(
        "label:O",
        sort=[row["label"] for row in rows],
        axis=alt.Axis(title=None, labelAngle=0, grid=False, labelExpr=QUARTER),
    )
    axis = alt.Axis(title=wanted["axis"], tickCount=5)
    y = alt.Y("percent:Q", scale=scale(wanted), axis=axis)
    ends = alt.Chart(_data([row for row in rows if row["percent"] is not None][-1:]))
    few, said = base.transform_filter("datum.hidden"), base.transform_filter("datum.word")
    return alt.layer(
        base.mark_area(color=OTHER, opacity=0.2).encode(x=x, y=alt.Y("low:Q", scale=scale(wanted)), y2="high:Q"),
        base.mark_line(color=OTHER, size=2, invalid="break-paths-show-domains").encode(x=x, y=y),
        base.mark_point(filled=True, color=OTHER, size=50, opacity=1).encode(x=x, y=y),
        ends.mark_text(dx=14, fontSize=12, fontWeight="bold", color=INK).encode(x=x, y=y, text="percent:Q"),
        few.mark_text(color=INK, fontSize=16, text="\u00d7").encode(x=x, y=alt.value(190)),
        said.mark_text(color=INK, fontSize=11, align="left", dx=-8).encode(x=x, y=alt.value(174), text="word:N"),
    ).properties(width=360, height=200, padding=PADDING)


def _data(rows: list[dict[str, Any]]) -> Any:
    import altair  # noqa: PLC0415 - as above

    return altair.InlineData(values=rows)


def main() -> None:
    """Loads the libraries, then draws until the input ends."""
    import altair  # noqa: F401, PLC0415 - seconds, which pass before the first picture is wanted
    import vl_convert  # noqa: F401, PLC0415 - as above

    for line in sys.stdin:
        sys.stdout.write(json.dumps(svg(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
