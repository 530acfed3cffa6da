"""Households and what their permits cost. A household is an address; what kind of dwelling it is, nobody asks (22507)."""

import re
import unicodedata
from collections.abc import Sequence

from parking.permits.words_v1 import SHORT, UNIT_WORDS

# Words that would ask what kind of dwelling somebody lives in; the database has the same pattern (PK-16).
DWELLING_WORDS = (
    r"\y(apartments?|condos?|condominiums?|duplex(es)?|triplex(es)?|single[ -]family|multi[ -]?family|"
    r"detached|mobile homes?|motorhomes?|(type|kind|class) of (dwelling|home|housing|residence|building)|"
    r"dwelling types?|housing types?)\y"
)
_ASKS = re.compile(DWELLING_WORDS.replace(r"\y", r"\b"), re.IGNORECASE)


def address_key(address: str, unit: str = "") -> str:
    """One spelling for one household: ("12 Elm Street", "Apt. 4") gives "12 ELM ST #4"."""
    words = _words(address)
    rest = [word for word in _words(unit) if word not in UNIT_WORDS]
    line = " ".join(SHORT.get(word, word) for word in words)
    return f"{line} #{' '.join(rest)}" if rest else line


def price_of(prices: Sequence[int], nth: int) -> int:
    """What a household's nth permit costs, cents: the last price counts for all that follow. Raises ValueError."""
    if nth < 1 or not prices:
        raise ValueError("Permits are counted from 1, and there is a price.")
    return prices[min(nth, len(prices)) - 1]


def asks_kind_of_dwelling(text: str) -> str:
    """The words that ask what kind of dwelling somebody lives in, or "" (Vehicle Code 22507)."""
    found = _ASKS.search(text)
    return found[0] if found else ""


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().upper()
    return re.findall(r"[A-Z0-9]+", plain)
