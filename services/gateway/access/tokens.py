"""Owns which access tokens the gateway believes."""

from services.gateway.settings import GatewaySettings
from services.runtime.auth import BothIssuers, IssuerKeys, Verifier, keys_over_http, possession_for

CLIENT = "client"


def issuer_keys(settings: GatewaySettings) -> IssuerKeys:
    """The public keys of the one issuer that the settings name."""
    return IssuerKeys(keys_over_http(settings.jwks_url or f"{settings.issuer}/jwks"))


def verifier(settings: GatewaySettings, keys: IssuerKeys) -> Verifier:
    """The check of every access token, from a bearer header or out of a session, alike: the provider's, and those that
    the public API gives a client for her code."""
    own = keys_over_http(f"{settings.api_url or settings.public_url}/v1/access/keys")
    return BothIssuers(settings.issuer, keys, IssuerKeys(own), CLIENT, possession=possession_for(settings))
