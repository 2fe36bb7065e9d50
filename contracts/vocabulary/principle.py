"""Owns the nine principles of practice of collective impact that the initiatives follow."""

from enum import StrEnum


class Principle(StrEnum):
    """Eight of the Collective Impact Forum (2016), and the ninth that both initiatives add."""

    EQUITY = "equity"
    COMMUNITY_MEMBERS = "community_members"
    CROSS_SECTOR_PARTNERS = "cross_sector_partners"
    DATA = "data"
    SYSTEM_LEADERSHIP = "system_leadership"
    PROGRAMME_AND_SYSTEM = "programme_and_system"
    TRUST = "trust"
    LOCAL_CONTEXT = "local_context"
    ALIGNMENT = "alignment"
