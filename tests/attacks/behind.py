"""The second guards: what holds an attack too, once the guard that it is on sleeps.

An attack proves its guard when it succeeds with that one asleep. Where it does not, each guard that refuses next is put to
sleep as well, until the attack succeeds, and is named here: in the report of a run, and on the manual's page. Which ones
these are may differ by what is in the row that an attack finds, so a run is not compared with what is kept; that the
attack succeeds in the end, and that each name is a guard's, is asked of every run.

`ECPD_ATTACKS_BEHIND=1 make attacks` writes what a whole run met, for the manual's page.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.attacks.attack import Attack
from tests.attacks.every import COUNTS, rule_of
from tests.attacks.guards import Guard, known

KEPT: Path = COUNTS.with_name("second_guards.json")
KEY = re.compile(r"_pkey$|_fk_\w+$|_fkey$")  # what PostgreSQL and Django name, and no model lists
THROUGH = "through"
MET: Counter[str] = Counter()  # attacks, by their rule, guard and second guards


def note(attack: Attack, stood: Sequence[Guard]) -> None:
    """These guards had to sleep before this attack succeeded."""
    own, behind = attack.guard, sorted({name_in(guard, attack) for guard in stood if guard.name != attack.guard.name})
    MET[json.dumps([rule_of(attack), f"{own.table}: {own.name}", behind])] += 1


def name_in(guard: Guard, attack: Attack) -> str:
    """A guard by its name, with its table where that is another one; a privilege by its verb."""
    name = f"no {guard.name}" if guard.kind == "privilege" else guard.name
    return name if guard.table == attack.guard.table else f"{guard.table}: {name}"


def strangers(stood: Sequence[Guard]) -> list[str]:
    """What refused and is neither a guard of ours nor a key or a privilege."""
    return [str(one) for one in stood if one not in known() and one.kind != "privilege" and not KEY.search(one.name)]


def notes() -> Iterator[tuple[str, str, list[str], int]]:
    """Rule, guard, second guards, how many attacks."""
    for key, times in sorted(MET.items()):
        if key != THROUGH:
            yield (*json.loads(key), times)


def report(attacks: int, guards: int, *, each: bool) -> Iterator[str]:
    """What a run met, in lines; `each`: with the second guards of every guard."""
    alone = sum(times for _, _, behind, times in notes() if not behind)
    held = sum(times for _, _, behind, times in notes() if behind)
    through = f"{MET[THROUGH]:,} NOT REFUSED AS THEY SHOULD BE" if MET[THROUGH] else "none through"
    yield f"{alone + held + MET[THROUGH]:,} of {attacks:,} attacks on {guards:,} guards tried, {through}."
    yield f"{alone:,} succeed with their one guard asleep, {held:,} once a second guard sleeps too, named below."
    behind_of: dict[str, set[str]] = defaultdict(set)
    for _, guard, behind, _ in notes():
        behind_of[guard] |= set(behind)
    if each:
        yield from (f"{guard} and {', '.join(sorted(names))}" for guard, names in sorted(behind_of.items()) if names)


def text() -> str:
    """The file that the manual's page reads: by rule, how many attacks a second guard holds too, and which ones."""
    found: dict[str, dict] = {}
    for rule, _, behind, times in notes():
        if rule and behind:
            of = found.setdefault(rule, {"attacks": 0, "guards": []})
            of["attacks"] += times
            of["guards"] = sorted({*of["guards"], *(name.rpartition(": ")[2] for name in behind)})
    return json.dumps(dict(sorted(found.items())), indent=1) + "\n"
