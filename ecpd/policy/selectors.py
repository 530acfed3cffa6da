"""Reads of the manual, its history and its decisions."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import QuerySet

from ecpd.policy import services, versions, visibility
from ecpd.policy.manual import ATTACKS, CHAPTERS, NOT_YET, PARAMETERS, RULES, SECOND_GUARDS, Parameter, Rule
from ecpd.policy.models import Amendment, Decision, ManualVersion
from ecpd.policy.registry import actions_of, registered_ids
from ecpd.web.words import setting

# Rules that the software keeps without asking a predicate: where else they are held.
HELD_ELSEWHERE = {
    "FR-09": "every page, print and answer of a lead",
    "AU-01": "triggers and privileges",
    "AU-02": "the role table and the admin site",
    "AU-03": "the policy door",
    "AU-06": "verification, the hourly time stamp, exports",
    "AC-01": "sign-in, every request, triggers",
    "AC-02": "sign-in, triggers",
    "AC-03": "every request",
    "AC-11": "every request, triggers",
    "AC-12": "sign-in",
    "AC-05": "every night",
}
READS_ALL_DECISIONS = ("audit.view", "warrant.approve", "amendment.decide")
COUNTS = """
SELECT v ->> 'rule_id', v ->> 'outcome' = 'met', count(*)
FROM policy_decision d, jsonb_array_elements(CASE jsonb_typeof(d.verdicts) WHEN 'array' THEN d.verdicts END) v
WHERE v ->> 'outcome' <> 'by_construction' AND v ->> 'rule_id' IS NOT NULL GROUP BY 1, 2
"""


@dataclass
class Entry:
    """A rule as the manual's page shows it."""

    rule: Rule
    enforced: bool
    actions: list[str]
    parameters: list[tuple[Parameter, object]]
    allowed: int = 0
    denied: int = 0
    history: list[str] = field(default_factory=list)
    proposals: list[Amendment] = field(default_factory=list)
    unapproved: list[str] = field(default_factory=list)

    @property
    def attacks(self) -> int:
        """How many attacks on the rule the database refused or put right as this release was tested (tests/attacks)."""
        return ATTACKS.get(self.rule.id, 0)

    @property
    def held_twice(self) -> dict:
        """Of these `attacks`, those that a second guard would have refused too, and the names of such `guards`."""
        return SECOND_GUARDS.get(self.rule.id, {})

    @property
    def not_yet(self) -> str:
        """What the department's policy asks beyond the rule's text and this version does not hold yet, or ""."""
        return NOT_YET.get(self.rule.id, "")


def is_enforced(rule: Rule) -> bool:
    """Whether this version of the software keeps the rule."""
    return rule.enforced and (rule.id in registered_ids() or rule.id in HELD_ELSEWHERE)


def manual_entries(version: ManualVersion | None = None) -> dict[str, list[Entry]]:
    """Every rule by chapter, with its settings, history and how often it allowed and denied."""
    version = version or versions.in_force()
    values = versions.settings_of(version)
    counts, changes, proposals = _counts(), _changes(), _proposals()
    chapters: dict[str, list[Entry]] = {chapter: [] for chapter in CHAPTERS}
    for rule in sorted(RULES.values(), key=lambda rule: (list(CHAPTERS).index(rule.chapter), rule.id)):
        settings = [(p, values[p.name]) for p in PARAMETERS.values() if p.rule_id == rule.id]
        allowed, denied = counts.get(rule.id, (0, 0))
        chapters[rule.chapter].append(
            Entry(rule, is_enforced(rule), actions_of(rule.id) if rule.id != "AC-08" else [], settings, allowed,
                  denied, changes.get(rule.id, []), proposals.get(rule.id, []), versions.not_yet_approved(version))
        )  # fmt: skip
    return chapters


def _counts() -> dict[str, tuple[int, int]]:
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    with connection.cursor() as cursor:
        cursor.execute(COUNTS)
        for rule_id, met, count in cursor.fetchall():
            found[rule_id][0 if met else 1] += count
    return {rule_id: (allowed, denied) for rule_id, (allowed, denied) in found.items()}


def _changes() -> dict[str, list[str]]:
    """For each rule, its settings' history, newest first."""
    found: dict[str, list[str]] = defaultdict(list)
    told: set[int | None] = set()  # a version may be written anew for one that begins before it
    for version in ManualVersion.objects.select_related("amendment__proposed_by", "amendment__decided_by"):
        if version.amendment is None or version.amendment_id in told:
            continue
        told.add(version.amendment_id)
        for name, value in _known(version.amendment.changes).items():
            found[PARAMETERS[name].rule_id].append(
                f"Version {version.number}, {version.effective_from:%B %-d, %Y}: {PARAMETERS[name].words.lower()} "
                f"became {setting(value)}. Proposed by {version.amendment.proposer}, approved by "
                f"{version.amendment.decided_by}. “{version.amendment.reason}”"
            )
    return found


def _proposals() -> dict[str, list[Amendment]]:
    found: dict[str, list[Amendment]] = defaultdict(list)
    for amendment in Amendment.objects.filter(state="proposed").select_related("proposed_by"):
        for name in _known(amendment.changes):
            found[PARAMETERS[name].rule_id].append(amendment)
    return found


def _known(changes: dict) -> dict:
    """The changes of settings that this release still has."""
    return {name: value for name, value in changes.items() if name in PARAMETERS}


def settings_taken_over_later(amendment: Amendment) -> list[Amendment]:
    """Amendments approved already that take effect after this one would and set the same settings again."""
    return [other for other, names in _same_later(amendment) if names - _undercut(amendment, other, names)]


def settings_kept_from_later(amendment: Amendment) -> list[Amendment]:
    """Those of which a setting would no longer count: approved as it was, it would loosen what this one tightens."""
    return [other for other, names in _same_later(amendment) if _undercut(amendment, other, names)]


def _same_later(amendment: Amendment) -> list[tuple[Amendment, set[str]]]:
    moment = amendment.effective_at or services.starts(amendment.effective_on)
    later = Amendment.objects.filter(state=Amendment.State.APPROVED, effective_at__gt=moment).order_by("effective_at")
    return [(other, names) for other in later if (names := set(other.changes) & set(amendment.changes))]


def _undercut(amendment: Amendment, other: Amendment, names: set[str]) -> set[str]:
    """Which of the other's settings would loosen this one's without the council (`ecpd_manual_at` leaves them out)."""
    if services.before_the_council(other):
        return set()
    loosened = services.loosened_by(amendment.changes, {name: other.changes[name] for name in names})
    return {name for name in loosened if name in other.before and other.before[name] != amendment.changes[name]}


def amendments() -> QuerySet[Amendment]:
    """Every amendment, newest first."""
    return Amendment.objects.select_related("proposed_by", "decided_by")


def decisions_of(user) -> QuerySet[Decision]:
    """A person's own decisions; auditors read all of them in the admin. A sealed case hides its own (AC-04)."""
    found = Decision.objects.filter(actor=user).select_related("manual_version", "actor")
    return visibility.visible_to(user, found)


def decision_for(user, pk: int) -> Decision | None:
    """One decision, when this person may read it: their own, or as auditor, captain or chief, of a case they may see."""
    found = (
        visibility.visible_to(user, Decision.objects.select_related("actor", "manual_version")).filter(pk=pk).first()
    )
    return found if found is not None and reads_decisions_of(user, found.actor_id) else None


def differences(one: ManualVersion, other: ManualVersion) -> list[tuple[Parameter, object, object]]:
    """The settings in which two versions differ."""
    return [
        (parameter, one.parameters.get(name), other.parameters.get(name))
        for name, parameter in PARAMETERS.items()
        if one.parameters.get(name) != other.parameters.get(name)
    ]


def reads_decisions_of(user, actor_id: int) -> bool:
    """Whether a role opens decisions on what this person asked: their own, or as auditor, captain or chief.

    A sealed case closes them again: `decision_for` asks that as well.
    """
    return user.pk == actor_id or any(user.may(action) for action in READS_ALL_DECISIONS)
