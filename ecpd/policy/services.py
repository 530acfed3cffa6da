"""Changing the manual: propose, decide, withdraw (AU-04)."""

import json
import re
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from ecpd.policy import engine, named, versions
from ecpd.policy.manual import PARAMETERS, RULES
from ecpd.policy.manual.loosening import LOOSENS, loosens
from ecpd.policy.models import Amendment, ManualVersion
from ecpd.policy.shown import seen
from ecpd.problem import StaleState
from ecpd.web.words import setting

PUBLIC_DAYS = 14  # between a proposal that loosens what was announced and its effect (AU-04)


def propose_amendment(
    *, actor, changes: dict[str, Any], reason: str, effective_on: date, council_item: str = ""
) -> Amendment:
    """Propose new values, against those that will hold on that day. Raises ValidationError for an unknown name, a value
    out of bounds or that names nothing, nothing changed, or a loosening of what was announced without the council's item
    and fourteen days; by the argument that it speaks of.
    """
    before = _check(changes, effective_on, council_item)
    amendment = Amendment(
        changes=changes, before=before, reason=reason, effective_on=effective_on, council_item=council_item.strip(),
        proposed_by=actor,
    )  # fmt: skip
    with engine.door(actor, "amendment.propose", amendment, justification=reason):
        amendment.save()
        amendment.refresh_from_db(fields=["proposed_at"])
    return amendment


def approve_amendment(*, amendment: Amendment, actor, reason: str, shown: str | None = None) -> ManualVersion:
    """Approve as chief: it takes effect at the start of its date, or now when that has passed, whatever else waits."""
    facts = {"shown": seen(shown, lambda: shown_of(amendment))}
    with engine.door(actor, "amendment.decide", amendment, justification=reason, **facts):
        _decide(amendment, Amendment.State.APPROVED, actor, reason)
        amendment.refresh_from_db(fields=["decided_at", "effective_at"])
        return _new_versions(amendment)


def reject_amendment(*, amendment: Amendment, actor, reason: str, shown: str | None = None) -> Amendment:
    """Reject as chief, with a reason."""
    facts = {"shown": seen(shown, lambda: shown_of(amendment))}
    with engine.door(actor, "amendment.decide", amendment, justification=reason, **facts):
        _decide(amendment, Amendment.State.REJECTED, actor, reason)
    return amendment


def withdraw_amendment(*, amendment: Amendment, actor, reason: str) -> Amendment:
    """Take back one's own proposal. Raises StaleState when it is decided or somebody else's."""
    with engine.door(actor, "amendment.propose", amendment, justification=reason):
        if amendment.state != Amendment.State.PROPOSED or amendment.proposed_by_id != actor.pk:
            raise StaleState("Only who proposed an amendment withdraws it, and only before it is decided.")
        _decide(amendment, Amendment.State.WITHDRAWN, actor, reason)
    return amendment


def shown_of(amendment: Amendment) -> dict[str, Any]:
    """What an amendment's page shows to who decides on it: the change, and what it would change."""
    holds = versions.at(starts(amendment.effective_on))
    return {
        "the proposal": [amendment.pk, amendment.state, amendment.changes, amendment.before, amendment.reason,
                         amendment.effective_on, amendment.council_item],
        "the settings it changes": {name: holds.get(name) for name in amendment.changes},
    }  # fmt: skip


def _decide(amendment: Amendment, state: str, actor, reason: str) -> None:
    amendment.state, amendment.decided_by, amendment.decided_at = state, actor, timezone.now()
    amendment.decision_reason = reason
    amendment.save()


def _new_versions(amendment: Amendment) -> ManualVersion:
    """The version of this amendment; those that begin later are written anew, so that they hold its change as well."""
    made = _version(amendment)
    later = Amendment.objects.filter(state=Amendment.State.APPROVED, effective_at__gt=amendment.effective_at)
    for other in later.order_by("effective_at", "decided_at", "id"):
        _version(other)
    return made


def _version(amendment: Amendment) -> ManualVersion:
    serial, begins = versions.next_serial(), amendment.effective_at
    assert begins is not None  # the database stamped it with the approval
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.ecpd_manual_at(%s)", [amendment.effective_at])
        parameters = json.loads(cursor.fetchone()[0])
    return ManualVersion.objects.create(
        serial=serial, number=f"1.{serial}", effective_from=begins, parameters=parameters,
        amendment=amendment,
    )  # fmt: skip


def _check(changes: dict[str, Any], effective_on: date, council_item: str) -> dict[str, Any]:
    """The values that these replace. Raises ValidationError."""
    if effective_on < timezone.localdate():
        raise ValidationError({"effective_on": "An amendment cannot take effect in the past."})
    current = versions.at(starts(effective_on))
    problems = [found for name, value in changes.items() if (found := _problem(name, value, current))]
    if problems or not changes:
        raise ValidationError({"changes": problems or ["Name at least one setting to change."]})
    before = {name: current[name] for name in changes}
    if missing := _missing(loosened_by(before, changes), effective_on, council_item):
        raise ValidationError(missing)
    return before


def _problem(name: str, value: Any, current: dict[str, Any]) -> str:
    """Why a setting cannot have this value, or ""."""
    if name not in PARAMETERS:
        return f"The manual has no setting named {name}."
    if problem := PARAMETERS[name].problem(value):
        return f"{PARAMETERS[name].words}: {problem}"
    if problem := named.problem(name, value):
        return problem
    return f"{PARAMETERS[name].words} is {setting(value)} already." if current[name] == value else ""


def _missing(loosened: list[str], effective_on: date, council_item: str) -> dict[str, str]:
    """What a loosening of these settings lacks, by the argument that would say it."""
    if not loosened:
        return {}
    words = ", ".join(PARAMETERS[name].words.lower() for name in loosened)
    why, missing = f"This loosens what was announced to the council ({words})", {}
    if not re.search(r"\w", council_item):
        missing["council_item"] = f"{why}: name the council's item. Tightening needs none."
    if effective_on < _earliest():
        missing["effective_on"] = f"{why}: choose {_earliest():%B %-d, %Y} or later. Tightening takes effect at once."
    return missing


def loosened_by(before: dict[str, Any], changes: dict[str, Any]) -> list[str]:
    """The settings of rules that stand on the announcement and that these changes loosen."""
    return [
        name
        for name, value in changes.items()
        if RULES[PARAMETERS[name].rule_id].announced and loosens(LOOSENS[name], before.get(name), value)
    ]


def before_the_council(amendment: Amendment) -> bool:
    """Whether an approved amendment names the council's item and was public for the fourteen days before its effect."""
    public = amendment.effective_at - amendment.proposed_at if amendment.effective_at else timedelta(0)
    return re.search(r"\w", amendment.council_item) is not None and public >= timedelta(days=PUBLIC_DAYS)


def starts(day: date) -> datetime:
    """When an amendment with this date takes effect, if it is approved now."""
    return max(timezone.make_aware(datetime.combine(day, time.min)), timezone.now())


def _earliest() -> date:
    """The first day that begins fourteen days or more from now."""
    return timezone.localdate() + timedelta(days=PUBLIC_DAYS + 1)
