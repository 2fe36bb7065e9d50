"""Which of a client's pregnancies an agency means: the one that it opens, or the one that it has open (R5, R18)."""

from collections.abc import Sequence
from datetime import date

from services.referrals.domain.episode.machine import EpisodeStatus, Phase
from services.referrals.domain.episode.state import Episode
from services.referrals.domain.frozen import frozen

_OVER = frozenset({EpisodeStatus.POSTPARTUM, EpisodeStatus.CLOSED, EpisodeStatus.ENTERED_IN_ERROR})


@frozen
class Choice:
    """`number` of her pregnancies, from 0; `supersedes` the number of the one in whose place it stands, if any."""

    number: int
    supersedes: int | None = None


def to_open(pregnancies: Sequence[Episode], agency: str, today: date) -> Choice:
    """The pregnancy that an agency means when it opens one.

    That some other agency recorded an end plays no part in it (R5): what is open to the initiative is joined. Its own
    end makes room for a new one, which stands in the place of what others may still take for a pregnancy.
    """
    latest = len(pregnancies) - 1
    own = in_hand(pregnancies, agency, today)
    if own is not None:
        return Choice(own)
    if latest < 0 or pregnancies[latest].phase(today) is not Phase.PRENATAL:
        return Choice(latest + 1)
    mine = pregnancies[latest].own.get(agency)
    if mine is not None and mine.ended is not None:
        return Choice(latest + 1, supersedes=latest)
    return Choice(latest)


def in_hand(pregnancies: Sequence[Episode], agency: str, today: date) -> int | None:
    """The number of the pregnancy that the agency has not seen the end of, by its own words; None for none."""
    for number in reversed(range(len(pregnancies))):
        own = pregnancies[number].own.get(agency)
        if own is not None:
            open_still = own.status not in _OVER and own.ended is None and own.phase(today) is Phase.PRENATAL
            return number if open_still else None
    return None
