"""Owns the page of definitions: what each measure counts, in the words of its definition."""

from starlette.responses import Response

from services.gateway.pages.visit import Visit


async def definitions(visit: Visit) -> Response:
    """Every measure that is defined, those of the person's own scorecards first."""
    measures = await visit.api.every("/measures")
    groups = visit.initiative.working_groups if visit.initiative else ()
    own = {measure for group in groups if group.slug in visit.who.working_groups for measure in group.measures}
    return await visit.page("definitions.html", measures=sorted(measures, key=lambda each: each["measure"] not in own))
