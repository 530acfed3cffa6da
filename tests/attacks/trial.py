"""One attack tried: refused by its guard in every form, and through once the guard sleeps."""

from tests.attacks import behind
from tests.attacks.attack import Attack, Refusal, peel, rolled_back
from tests.attacks.battlefield import Battlefield
from tests.attacks.forms import PLAIN, learn, refusals
from tests.attacks.guards import Guard, every_table


def finding(field: Battlefield, attack: Attack) -> str:
    """What is wrong with this attack, in words; "" when it is refused in every form and proves something.

    What it met is noted for the report.
    """
    found, stood = _tried(field, attack)
    if found:
        behind.MET[behind.THROUGH] += 1
    else:
        behind.note(attack, stood)
    return found


def _tried(field: Battlefield, attack: Attack) -> tuple[str, list[Guard]]:
    """What is wrong, and the guards that had to sleep before the attack succeeded, as they refused it."""
    before, statement = [field.words(one) for one in attack.before], field.words(attack.statement).strip()
    try:
        with rolled_back(field.owner, attack.isolation) as cursor:
            peeled = peel(cursor, field.role, attack.guard.table, before, statement)
        answers = dict(refusals(field, attack, before, statement, learn(attack, statement, peeled)))
    except AssertionError as odd:
        return str(odd), []
    return _wrong(attack, peeled.stood, answers), peeled.stood


def _wrong(attack: Attack, stood: list[Guard], answers: dict[str, Refusal | None]) -> str:
    refusal = answers[PLAIN]
    if refusal is None or not stood:
        return "It went through."
    if not refusal.is_by(stood[0]):
        return f"The login and the owner were refused differently: {refusal}"
    if attack.guard not in (stood if attack.shielded else stood[:1]):
        return f"Refused by {[str(one) for one in stood]}"
    if unknown := behind.strangers(stood):
        return f"Refused by what is no guard: {unknown}"
    through = {form: one for form, one in answers.items() if one is None or not _held(one, stood, form, attack)}
    return f"In another form it was not refused, or by an accident: {through}" if through else ""


def _held(refusal: Refusal, stood: list[Guard], form: str, attack: Attack) -> bool:
    """Whether one of the guards refused that the attack met; where the ORM stamps a time of its own, a CHECK of it."""
    if any(refusal.is_by(guard) for guard in stood):
        return True
    model = every_table()[attack.guard.table]
    stamps = any(getattr(field, "auto_now_add", False) for field in model._meta.concrete_fields)
    return (
        form == "bulk_create" and stamps and refusal.is_by(Guard(refusal.table, refusal.constraint, kind="constraint"))
    )
