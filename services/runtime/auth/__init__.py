"""Who is calling: access tokens of the sign-in provider, and those that a service of ours issues by itself."""

from services.runtime.auth.own_tokens import BothIssuers, OwnIssuer
from services.runtime.auth.principal import (
    ALGORITHMS,
    AUDIENCE,
    TOKEN_TYPE,
    AuthProblem,
    FetchKeys,
    IssuerKeys,
    Principal,
    Roles,
    Verifier,
    bearer,
    keys_over_http,
)

__all__ = [
    "ALGORITHMS",
    "AUDIENCE",
    "TOKEN_TYPE",
    "AuthProblem",
    "BothIssuers",
    "FetchKeys",
    "IssuerKeys",
    "OwnIssuer",
    "Principal",
    "Roles",
    "Verifier",
    "bearer",
    "keys_over_http",
]
