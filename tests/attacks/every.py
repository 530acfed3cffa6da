"""All attacks, and how many stand on each rule."""

import json
import re
from collections import Counter
from importlib import import_module
from pathlib import Path

from ecpd.policy.manual import RULES
from tests.attacks import actors, by_default, decisions, made, shared, stamps, who_acts
from tests.attacks.attack import Attack
from tests.attacks.mended import MENDED, Mended
from tests.attacks.out_of_reach import OUT_OF_REACH

HERE = Path(__file__).resolve().parent
COUNTS = HERE.parent.parent / "ecpd" / "policy" / "manual" / "attacks.json"
MADE = (
    made.fixed_columns,
    made.derived_checks,
    made.in_the_future,
    made.ahead_in_json,
    made.without_anchor,
    made.twice,
    made.keys_twice,
    made.below_zero,
    made.kept_rows,
    made.old_snapshots,
    by_default.fixed,
    by_default.set_once,
    by_default.not_now,
    by_default.born_late,
    stamps.recorded_at,
    decisions.borrowed_decisions,
    decisions.unfit_decisions,
    decisions.served_decisions,
    decisions.without_decisions,
    who_acts.in_anothers_name,
    who_acts.steps_of_nobody,
    actors.named_without_the_role,
    who_acts.by_strangers,
    shared.two_rows,
)
WRITTEN = [import_module(f"{__package__}.{file.stem}").ATTACKS for file in sorted(HERE.glob("table_*.py"))]
ALL: list[Attack] = [attack for attacks in WRITTEN for attack in attacks] + [one for make in MADE for one in make()]
ATTACKS = [attack for attack in ALL if attack.guard not in OUT_OF_REACH]


def rule_of(attack: Attack | Mended) -> str:
    """The rule that the attacked guard holds: its sentence begins with it, or its name does; "" for the house's own."""
    said = re.match(r"[A-Z]{2}-\d\d(?=:)", attack.guard.sentence)
    if said:
        return said[0]
    letters, _, rest = attack.guard.name.partition("_")
    digits = rest[:2]
    return f"{letters.upper()}-{digits}" if len(letters) == 2 and digits.isdigit() else ""


def counts() -> dict[str, int]:
    """How many attacks on each rule's guards the database refuses or puts right, by rule id.

    Of the rules that the manual says the database holds: a guard may be named after one that the code alone holds (AC-02).
    """
    found = Counter(rule for one in (*ATTACKS, *MENDED) if (rule := rule_of(one)) and RULES[rule].database)
    return dict(sorted(found.items()))


def text() -> str:
    """The file that the manual's page reads."""
    return json.dumps(counts(), indent=1) + "\n"
