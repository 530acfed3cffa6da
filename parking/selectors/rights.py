"""Permits and exemptions that may be a vehicle's: whoever keeps some registers a provider here."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from parking.overtime.permits import Exemption, Permit
from parking.plates.likeness import deletion_keys

# (deletion keys, from, to) -> permits and exemptions with a plate that shares a key and that are valid at some time
# between the two; others do no harm.
Provider = Callable[[Sequence[str], datetime, datetime], Iterable[Permit | Exemption]]
_providers: list[Provider] = []


def register(provider: Provider) -> Provider:
    """Add a source of rights, from AppConfig.ready; it costs a constant number of queries."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def rights_for(plates: Iterable[str], begin: datetime, end: datetime) -> list[Permit | Exemption]:
    """The rights that one of these plates, or one that looks like it, may have between two moments."""
    keys = sorted({key for plate in plates for key in deletion_keys(plate)})
    return [right for provider in _providers for right in provider(keys, begin, end)] if keys else []
