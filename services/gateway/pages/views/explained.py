"""Owns the page that explains a figure of a release: which rule puts what where, and why something is not shown."""

import re

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.figures.said import title
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import Words

_RULE_NUMBER = re.compile(r" \(R[0-9]+\)")
"""Of the design, which a reader of figures does not know."""


async def explained(visit: Visit) -> Response:
    """The rules of a measure as the release froze it, by what they make of a unit. Raises ApiProblem."""
    asked, words = visit.request.query_params, visit.words
    found = await visit.api.get(f"/releases/{asked.get('release', '')}/explanation", measure=asked.get("measure", ""))
    rules = [{**rule, "words": _plain(rule["words"], words)} for rule in found["rules"]]
    return await visit.page(
        "explained.html",
        found=found,
        measure=found["measure"],
        title=title(found["measure"], words),
        rules={standing: [rule for rule in rules if rule["standing"] == standing] for standing in terms.STANDINGS_OF},
        hides=[words.say(reason) for reason in found["hides"]],
    )


def _plain(text: str, words: Words) -> str:
    return _RULE_NUMBER.sub("", words.say(text))
