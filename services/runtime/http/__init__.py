"""HTTP as every service of this house speaks it: lean routes, problem+json, limits, request ids, health, serving."""

from services.runtime.http.app import HttpApp, create_app
from services.runtime.http.call import Call, Reply
from services.runtime.http.download import Download
from services.runtime.http.freshness import fresh
from services.runtime.http.problem import FieldError, Problem
from services.runtime.http.route import LeanRoute, lean_router
from services.runtime.http.signature import Part, Takes
from services.runtime.http.upload import Upload

__all__ = [
    "Call",
    "Download",
    "FieldError",
    "HttpApp",
    "LeanRoute",
    "Part",
    "Problem",
    "Reply",
    "Takes",
    "Upload",
    "create_app",
    "fresh",
    "lean_router",
]
