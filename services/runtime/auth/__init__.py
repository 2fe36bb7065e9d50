"""Who is calling: access tokens of the sign-in provider, and those that a service of ours issues by itself."""

from services.runtime.auth.issuer_keys import FetchKeys, IssuerKeys, keys_over_http
from services.runtime.auth.own_tokens import BothIssuers, OwnIssuer
from services.runtime.auth.possession import ALGORITHMS, UNIX, Possession, possession_for, thumbprint
from services.runtime.auth.principal import AuthProblem, Confirmation, Principal
from services.runtime.auth.roles import Roles
from services.runtime.auth.verifier import AUDIENCE, TOKEN_TYPE, Verifier, credentials

__all__ = [
    "ALGORITHMS",
    "AUDIENCE",
    "TOKEN_TYPE",
    "UNIX",
    "AuthProblem",
    "BothIssuers",
    "Confirmation",
    "FetchKeys",
    "IssuerKeys",
    "OwnIssuer",
    "Possession",
    "Principal",
    "Roles",
    "Verifier",
    "credentials",
    "keys_over_http",
    "possession_for",
    "thumbprint",
]
