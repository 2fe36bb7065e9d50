"""Owns the page that says what Closeknit is and how records are protected, and the one for agencies' systems."""

from starlette.responses import JSONResponse, Response

from services.gateway.pages.visit import Visit


async def about(visit: Visit) -> Response:
    return await visit.page("about.html", initiatives=list(visit.site.initiatives.values()))


async def openapi(visit: Visit) -> Response:
    """The one public document (OpenAPI 3.1)."""
    return JSONResponse(visit.site.document, headers={"X-Content-Type-Options": "nosniff"})


async def docs(visit: Visit) -> Response:
    """The public document for reading, made here: no script and no file of anybody else."""
    paths = visit.site.document["paths"]
    operations = [
        {"method": method.upper(), "path": path, **described}
        for path, item in paths.items()
        for method, described in item.items()
        if "operationId" in described
    ]
    return await visit.page("docs.html", operations=operations, title=visit.site.document["info"]["title"])
