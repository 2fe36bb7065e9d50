"""How agencies and services are named."""

from typing import Annotated

from pydantic import StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$")]
"""Id of an agency or service: at most 64 lower-case letters, digits and hyphens."""
