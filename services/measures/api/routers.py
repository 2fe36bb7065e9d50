"""Owns the list of all that measures answers over HTTP."""

from services.measures.api import agencies, changes, explanation, measures, release_steps, releases, targets

ROUTERS = (
    measures.router,
    releases.router,
    releases.figures_router,
    changes.router,
    explanation.router,
    release_steps.router,
    agencies.router,
    targets.router,
)
