"""Owns how the rooms of the vault are put together over one pool of connections and one folder of keys."""

from pathlib import Path

from services.referrals.domain.frozen import frozen
from services.referrals.vault.answers import Answers
from services.referrals.vault.cohort import Cohort
from services.referrals.vault.data_keys import DataKeys
from services.referrals.vault.drafts import Drafts
from services.referrals.vault.epochs import Epochs
from services.referrals.vault.erasure import Erasure
from services.referrals.vault.files import Files
from services.referrals.vault.given import Given
from services.referrals.vault.held import Held
from services.referrals.vault.identities import Identities
from services.referrals.vault.keys import RootKey, root_key
from services.referrals.vault.letters import Letters
from services.referrals.vault.notes import Notes
from services.referrals.vault.numbers import ImportNumbers
from services.referrals.vault.pairwise import LogPseudonyms, PairwiseIds
from services.referrals.vault.rows import Fingerprints, RowIds
from services.referrals.vault.search import Search
from services.referrals.vault.staff import Staff
from services.referrals.vault.sweep import Sweep
from services.referrals.vault.words import Numbers, Words
from services.referrals.vault.wrapping import FileKeys, KeyWrapping
from services.runtime.clock import Clock
from services.runtime.postgres import AsyncPool


@frozen
class Vault:
    """The rooms of the vault. The first four need the root key alone: they answer while the database is down."""

    pairwise: PairwiseIds
    pseudonyms: LogPseudonyms
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
        keys, words, numbers = DataKeys(pool, wrapping), Words(root), Numbers(root)
        held, notes = Held(pool, keys), Notes(pool, keys)
        return cls(
            pairwise=PairwiseIds(root),
            pseudonyms=LogPseudonyms(root),
            rows=RowIds(root),
            fingerprints=Fingerprints(root),
            keys=keys,
            epochs=Epochs(pool, keys, wrapping, clock),
            erasure=Erasure(pool, keys),
            identities=Identities(pool, keys, words, numbers),
            held=held,
            search=Search(pool, held, words),
            notes=notes,
            files=Files(pool, keys),
            letters=Letters(pool, root),
            drafts=Drafts(pool, keys),
            given=Given(pool, keys, held, notes, words),
            numbers=ImportNumbers(pool, numbers),
            cohort=Cohort(pool, keys, words, numbers),
            answers=Answers(pool, root.hashing("answer", "1")),
            sweep=Sweep(pool),
            staff=Staff(pool),
        )


def open_vault(pool: AsyncPool, folder: Path, clock: Clock) -> Vault:
    """The vault over `pool`, with root key and key-encryption keys in `folder`. Raises `KeyProblem`.

    Nothing is asked of the database yet: it may be away.
    """
    root = root_key(folder)
    return Vault.over(pool, root, FileKeys(folder, root, clock), clock)
