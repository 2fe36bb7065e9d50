"""Owns how the rooms of the vault are put together over one pool of connections and one folder of keys."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from services.referrals.domain.frozen import frozen
from services.referrals.settings import VaultSettings
from services.referrals.vault.access_codes import AccessCodes
from services.referrals.vault.answers import Answers
from services.referrals.vault.check_values import CheckedKeys
from services.referrals.vault.cohort import Cohort
from services.referrals.vault.data_keys import DataKeys
from services.referrals.vault.drafts import Drafts
from services.referrals.vault.epochs import Epochs
from services.referrals.vault.erasure import Erasure
from services.referrals.vault.files import Files
from services.referrals.vault.given import Given
from services.referrals.vault.held import Held
from services.referrals.vault.identities import Identities
from services.referrals.vault.keys import KeyProblem, RootKey, root_key
from services.referrals.vault.letters import Letters
from services.referrals.vault.notes import Notes
from services.referrals.vault.numbers import ImportNumbers
from services.referrals.vault.pairwise import PairwiseIds
from services.referrals.vault.rows import Fingerprints, RowIds
from services.referrals.vault.search import Search
from services.referrals.vault.staff import Staff
from services.referrals.vault.sweep import Sweep
from services.referrals.vault.transit import Transit, TransitKeys
from services.referrals.vault.words import Numbers, Words
from services.referrals.vault.wrapping import FileKeys, KeyWrapping
from services.runtime.clock import Clock
from services.runtime.postgres import AsyncPool


@frozen
class Vault:
    """The rooms of the vault. The first three need the root key alone: they answer while the database is down."""

    pairwise: PairwiseIds
    rows: RowIds
    fingerprints: Fingerprints
    keys: DataKeys
    epochs: Epochs
    erasure: Erasure
    identities: Identities
    held: Held
    search: Search
    notes: Notes
    files: Files
    letters: Letters
    access_codes: AccessCodes
    drafts: Drafts
    given: Given
    numbers: ImportNumbers
    cohort: Cohort
    answers: Answers
    sweep: Sweep
    staff: Staff

    @classmethod
    def over(cls, pool: AsyncPool, root: RootKey, wrapping: KeyWrapping, clock: Clock) -> "Vault":
        """The vault whose tables `pool` reaches (role identity_app)."""
        checked = CheckedKeys(pool, wrapping)
        keys, words, numbers = DataKeys(pool, checked), Words(root), Numbers(root)
        held, notes = Held(pool, keys), Notes(pool, keys)
        return cls(
            pairwise=PairwiseIds(root, clock),
            rows=RowIds(root),
            fingerprints=Fingerprints(root),
            keys=keys,
            epochs=Epochs(pool, keys, checked, wrapping, clock),
            erasure=Erasure(pool, keys),
            identities=Identities(pool, keys, words, numbers),
            held=held,
            search=Search(pool, held, words),
            notes=notes,
            files=Files(pool, keys),
            letters=Letters(pool, root),
            access_codes=AccessCodes(pool, root),
            drafts=Drafts(pool, keys),
            given=Given(pool, keys, held, notes, words),
            numbers=ImportNumbers(pool, numbers),
            cohort=Cohort(pool, keys, words, numbers),
            answers=Answers(pool, root.hashing("answer", "1")),
            sweep=Sweep(pool),
            staff=Staff(pool),
        )


@asynccontextmanager
async def reached_vault(pool: AsyncPool, settings: VaultSettings, clock: Clock) -> AsyncIterator[Vault]:
    """The vault over `pool` with the key service that the settings name. Raises `KeyProblem`.

    Nothing is asked of database or key service yet: they may be away.
    """
    transit = _transit(settings)
    if transit is None:
        yield open_vault(pool, settings.keys, clock)
        return
    async with TransitKeys(transit, clock) as wrapping:
        yield Vault.over(pool, root_key(settings.keys), wrapping, clock)


def _transit(settings: VaultSettings) -> Transit | None:
    if settings.transit_url is None:
        return None
    if settings.transit_token_file is None:
        raise KeyProblem("CLOSEKNIT_TRANSIT_TOKEN_FILE names the file with the token for CLOSEKNIT_TRANSIT_URL")
    return Transit(
        url=settings.transit_url,
        mount=settings.transit_mount.strip("/"),
        prefix=settings.transit_prefix,
        token=settings.transit_token_file,
        ca=settings.transit_ca_file,
    )


def open_vault(pool: AsyncPool, folder: Path, clock: Clock) -> Vault:
    """The vault over `pool`, with root key and key-encryption keys in `folder`. Raises `KeyProblem`.

    Nothing is asked of the database yet: it may be away.
    """
    root = root_key(folder)
    return Vault.over(pool, root, FileKeys(folder, root, clock), clock)
