"""Owns who a caller is, and the problem of who is not let in."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Confirmation:
    """To whom a token is bound (`cnf`, RFC 7800): who holds the key of this thumbprint, this certificate, or both."""

    key: str | None = None
    certificate: str | None = None


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls: a person or a system of one agency, or somebody of one initiative without an agency.

    `name` is what the sign-in provider calls a member of staff; it never leaves a page. `language` is the one that it
    says the person reads (a tag of BCP 47). `expires` is in epoch seconds.
    """

    subject: str
    initiative: str
    agency: str | None
    roles: frozenset[str]
    working_groups: frozenset[str] = frozenset()
    name: str | None = field(default=None, repr=False)
    language: str | None = None
    token: str = field(default="", repr=False, compare=False)
    expires: int = 0
    bound_to: Confirmation | None = field(default=None, repr=False)


class AuthProblem(Exception):  # noqa: N818 - a problem of RFC 9457, not a programming error
    """The caller is not let in. `slug` names the problem page; `detail` holds nothing that the caller sent."""

    def __init__(self, status: int, slug: str, detail: str, *, retry_after: int | None = None) -> None:
        super().__init__(slug)
        self.status = status
        self.slug = slug
        self.detail = detail
        self.retry_after = retry_after

    @classmethod
    def not_signed_in(
        cls, detail: str = "The access token is missing, out of date or not for this service."
    ) -> "AuthProblem":
        return cls(401, "not-signed-in", detail)

    @classmethod
    def role_forbids(cls) -> "AuthProblem":
        return cls(403, "role-forbids", "None of your roles may do this.")

    @classmethod
    def unavailable(cls, detail: str = "The sign-in service does not answer.") -> "AuthProblem":
        return cls(503, "unavailable", detail, retry_after=5)
