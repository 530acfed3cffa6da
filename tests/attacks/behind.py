"""The second guards: what else stands in the way of the attacks on a guard, found by a run and kept in behind.json.

An attack that a second guard refuses as well shows by itself that neither is needed; so each is named, and a run in which
another set stands fails until somebody has looked. ECPD_ATTACKS_BEHIND=1 writes what the run finds.
"""

import json
import os
from collections import defaultdict
from pathlib import Path

from tests.attacks.attack import Attack
from tests.attacks.guards import Guard

KEPT = Path(__file__).with_name("behind.json")


class Behind:
    """What one table's attacks met beside the guard they were on."""

    def __init__(self, key: str) -> None:
        self.key, self._met = key, defaultdict[str, set[str]](set)

    def note(self, attack: Attack, stood: list[Guard]) -> None:
        """These guards stood in this attack's way."""
        others = {_named(guard, attack) for guard in stood if guard.name != attack.guard.name}
        if others:
            self._met[attack.guard.name] |= others

    def differs(self) -> dict[str, list[str]]:
        """What of it is not kept as it was met, by guard: with the mark of what came (+) and what went (-)."""
        met = {name: sorted(others) for name, others in sorted(self._met.items())}
        kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
        if os.environ.get("ECPD_ATTACKS_BEHIND"):
            KEPT.write_text(json.dumps(dict(sorted((kept | {self.key: met}).items())), indent=1) + "\n")
            return {}
        before = kept.get(self.key, {})
        changed = {
            name: [f"+{one}" for one in sorted({*met.get(name, ())} - {*before.get(name, ())})]
            + [f"-{one}" for one in sorted({*before.get(name, ())} - {*met.get(name, ())})]
            for name in {*met, *before}
        }
        return {name: each for name, each in changed.items() if each}


def _named(guard: Guard, attack: Attack) -> str:
    """A guard by its name, with its table where that is another one."""
    return guard.name if guard.table == attack.guard.table else f"{guard.table}: {guard.name}"
