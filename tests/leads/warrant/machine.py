"""A lead in the hands of many people who do everything in any order: what holds after every step (FR-10 to FR-18).

The truths are asked of the rows themselves, not of the selectors that the rules use.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import hypothesis.strategies as st
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from cases import access
from cases.services.evidence import withdraw_evidence
from ecpd.accounts.roles import Role
from ecpd.policy import engine
from ecpd.policy.errors import PolicyDenied
from ecpd.problem import StaleState
from leads.models import (
    Corroboration,
    CorroborationVerification,
    ExculpatoryEntry,
    Lead,
    WarrantApplication,
    WarrantDecision,
    WarrantStep,
)  # fmt: skip
from leads.services import after, corroboration, exculpatory, lead, warrant
from tests.factories import leads as make
from tests.factories.people import make_user
from tests.story import copy_of, settle

REFUSALS = (PolicyDenied, StaleState, ValidationError)
REASON = "The fingerprint stands by itself."
EVERYBODY = st.sampled_from(["okafor", "raman", "aldana", "marsh", "colleague", "chief", "auditor", "administrator"])
INVESTIGATORS = st.one_of(st.sampled_from(["okafor", "raman"]), EVERYBODY)
CAPTAINS = st.one_of(st.sampled_from(["marsh", "colleague"]), EVERYBODY)
MOSTLY = st.sampled_from([True, True, True, True, True, False])
ANY = st.integers(0, 100)
NEWEST = {  # the state of a lead's newest application: the states the lead can then be in
    None: {"open", "marked", "cleared"}, "submitted": {"applied"}, "approved": {"approved"},
    "denied": {"denied", "marked", "open", "cleared"}, "withdrawn": {"marked", "open", "cleared"},
    "returned": {"marked", "open", "cleared"}, "recalled": {"open", "marked", "cleared"},
}  # fmt: skip


def begin_at(stage: str) -> tuple[make.Agency, Lead]:
    """A lead at this stage of its way, and the people of its agency."""
    people = make.agency()
    people.colleague = make_user(Role.CAPTAIN, rank="Capt.", last_name="Quist")
    access.grant(people.colleague, people.case, "view")
    made = make.made_lead(people)
    if stage != "lead":
        make.verified(people, make.linked(people, made))
    if stage in ("marked", "applied", "denied"):
        lead.mark_for_warrant(lead=made, actor=people.okafor)
    if stage in ("applied", "denied"):
        sent = warrant.apply_for_warrant(lead=made, actor=people.okafor, statement="x", does_not_fit="y")
    if stage == "denied":
        warrant.open_packet(application=sent, actor=people.marsh)
        warrant.decide(application=sent, actor=people.marsh, approve=False, reasons=REASON, read_packet=True)
    return people, made


class LeadMachine(RuleBasedStateMachine):
    """One lead, its evidence and applications. Every story runs in a transaction that is rolled back to its begin."""

    stage = "lead"
    begun: tuple[make.Agency, Lead] | None = None
    reached: set[str] = set()
    answered: Counter[str] = Counter()
    refusals: tuple[type[Exception], ...] = REFUSALS

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block._from_testcase = True  # as Django's own test cases do: a door may be the outermost inside it
        self.block.__enter__()
        self.kept: dict[tuple[type, int], dict] = {}
        self.judged: set[int] = set()

    def teardown(self) -> None:
        """Nothing stays."""
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        """A lead at this stage of its way: a copy of the one with which all these stories begin."""
        self.people, self.lead = copy_of(self.begun or begin_at(self.stage))
        self.as_seen_at_first = Lead.objects.get(pk=self.lead.pk)

    def person(self, name: str):
        """Somebody of the agency."""
        return getattr(self.people, name)

    def one_of(self, rows, which: int):
        """One of the lead's rows; the number picks it."""
        found = list(rows)
        return found[which % len(found)]

    def attempt(self, service: Callable, **arguments) -> None:
        """What is refused is refused by name; anything else that goes wrong fails the test."""
        with suppress(*self.refusals):
            self.answered["asked"] += 1
            service(**arguments)
            self.answered["done"] += 1

    def the_lead(self, stale: bool) -> Lead:
        """The lead as it is, or as a page that was opened long ago still has it."""
        return self.as_seen_at_first if stale else Lead.objects.get(pk=self.lead.pk)

    @rule(
        who=INVESTIGATORS,
        kind=st.sampled_from(["fingerprint", "lineup"]),
        because=st.sampled_from(["no", "yes"]),
        rests=st.sampled_from(["no", "no", "no", "yes"]),
    )
    def link(self, who: str, kind: str, because: str, rests: str) -> None:
        """Link a new exhibit."""
        report = {"lab_number": f"FP-{100 + self.items().count()}"}  # the same report counts once
        details = make.LINEUP if kind == "lineup" else make.FINGERPRINT | report
        self.attempt(
            corroboration.link, lead=self.the_lead(False), actor=self.person(who), kind=kind, details=details,
            evidence=make.exhibit(self.people, kind=kind, title="Lift"), ties_by="On the drawer", because_of=because,
            rests_on_face=rests, independence="Found the same night",
        )  # fmt: skip

    @precondition(lambda self: self.items())
    @rule(who=CAPTAINS | INVESTIGATORS, which=ANY, verified=MOSTLY, rests=st.sampled_from(["no", "no", "no", "yes"]))
    def verify(self, who: str, which: int, verified: bool, rests: str = "no") -> None:
        """Verify or reject an item."""
        self.attempt(corroboration.verify, item=self.one_of(self.items(), which), actor=self.person(who),
                     verified=verified, because_of="no", rests_on_face=rests, reason="Read the laboratory's report")  # fmt: skip

    @precondition(lambda self: self.items())
    @rule(who=INVESTIGATORS, which=ANY)
    def withdraw_item(self, who: str, which: int) -> None:
        """Take a link back."""
        self.attempt(corroboration.withdraw, item=self.one_of(self.items(), which), actor=self.person(who),
                     reason="The lift was mixed up")  # fmt: skip

    @precondition(lambda self: self.items())
    @rule(who=INVESTIGATORS, which=ANY)
    def withdraw_exhibit(self, who: str, which: int) -> None:
        """Withdraw the exhibit under a link."""
        self.attempt(withdraw_evidence, evidence=self.one_of(self.items(), which).evidence, actor=self.person(who),
                     reason="The laboratory mixed up two lifts")  # fmt: skip

    @rule(who=EVERYBODY)
    def enter(self, who: str) -> None:
        """Enter something that points away."""
        self.attempt(exculpatory.enter, lead=self.the_lead(False), actor=self.person(who), kind="alibi", what="At work")

    @precondition(lambda self: self.entries())
    @rule(who=INVESTIGATORS, which=ANY, outcome=st.sampled_from(["explained", "open"]))
    def answer(self, who: str, which: int, outcome: str) -> None:
        """Answer an entry."""
        self.attempt(exculpatory.answer, entry=self.one_of(self.entries(), which), actor=self.person(who),
                     outcome=outcome, text="The time clock was an hour off.")  # fmt: skip

    @rule(who=INVESTIGATORS, stale=st.booleans())
    def mark(self, who: str, stale: bool) -> None:
        """Mark for warrant."""
        self.attempt(lead.mark_for_warrant, lead=self.the_lead(stale), actor=self.person(who))

    @rule(who=INVESTIGATORS, stale=st.booleans())
    def apply(self, who: str, stale: bool) -> None:
        """Apply for a warrant."""
        self.attempt(warrant.apply_for_warrant, lead=self.the_lead(stale), actor=self.person(who),
                     statement="A fingerprint.", does_not_fit="Nothing known.")  # fmt: skip

    @precondition(lambda self: self.applications())
    @rule(who=CAPTAINS, which=st.just(0) | ANY, worded=MOSTLY, read=MOSTLY)
    def approve(self, who: str, which: int, worded: bool, read: bool) -> None:
        """Approve an application, mostly the newest."""
        self._decide(who, which, approve=True, worded=worded, read=read)

    @precondition(lambda self: self.applications())
    @rule(who=CAPTAINS, which=st.just(0) | ANY, worded=MOSTLY, read=MOSTLY)
    def deny(self, who: str, which: int, worded: bool, read: bool) -> None:
        """Deny one."""
        self._decide(who, which, approve=False, worded=worded, read=read)

    @precondition(lambda self: self.applications())
    @rule(who=st.sampled_from(["marsh", "colleague"]), answered=MOSTLY)
    def approve_as_one_should(self, who: str, answered: bool) -> None:
        """The investigator answers all that points away, and a captain approves the newest application."""
        for entry in self.entries().filter(answers__isnull=True) if answered else []:
            self.attempt(exculpatory.answer, entry=entry, actor=self.people.okafor, outcome="explained", text=REASON)
        self._decide(who, 0, approve=True, worded=True, read=True)

    def _decide(self, who: str, which: int, *, approve: bool, worded: bool, read: bool) -> None:
        application = self.one_of(self.applications(), which)
        if read:
            self.attempt(warrant.open_packet, application=application, actor=self.person(who))
        self.attempt(
            warrant.decide, application=application, actor=self.person(who),
            approve=approve, reasons=REASON if worded else " ", read_packet=read,
        )  # fmt: skip

    @precondition(lambda self: self.applications())
    @rule(who=INVESTIGATORS, which=ANY)
    def withdraw_application(self, who: str, which: int) -> None:
        """Take an application back."""
        self.attempt(warrant.withdraw_application, application=self.one_of(self.applications(), which),
                     actor=self.person(who))  # fmt: skip

    @rule(who=INVESTIGATORS, stale=st.booleans(), worded=st.sampled_from([False, False, True]))
    def clear(self, who: str, stale: bool, worded: bool) -> None:
        """Clear the person."""
        self.attempt(lead.clear, lead=self.the_lead(stale), actor=self.person(who),
                     reason="On camera in another city." if worded else "no")  # fmt: skip

    @precondition(lambda self: self.applications())
    @rule(who=EVERYBODY, which=ANY, worded=MOSTLY)
    def recall(self, who: str, which: int, worded: bool) -> None:
        """Take an approval back."""
        self.attempt(after.recall, application=self.one_of(self.applications(), which), actor=self.person(who),
                     reason=REASON if worded else " ")  # fmt: skip

    @precondition(lambda self: self.applications())
    @rule(who=INVESTIGATORS, kind=st.sampled_from(["sent", "shown", "issued", "refused", "served", "outcome"]))
    def go_on(self, who: str, kind: str) -> None:
        """Record what became of the newest application."""
        self.attempt(after.record_step, application=self.one_of(self.applications(), 0), actor=self.person(who), kind=kind,
                     words=REASON, whom="The court", warrant_number="SW-1")  # fmt: skip

    def items(self):
        """The lead's links, withdrawn ones too."""
        return Corroboration.objects.filter(lead=self.lead).order_by("pk")

    def entries(self):
        """What speaks against the lead."""
        return ExculpatoryEntry.objects.filter(lead=self.lead).order_by("pk")

    def applications(self):
        """The lead's applications, newest first."""
        return WarrantApplication.objects.filter(lead=self.lead).order_by("-pk")

    def counting(self) -> list[Corroboration]:
        """What corroborates at this moment, by the letter of FR-10."""
        checked = {
            v.corroboration_id: v for v in CorroborationVerification.objects.filter(corroboration__lead=self.lead)
        }
        return [
            item
            for item in self.items().select_related("evidence")
            if item.withdrawn_at is None and item.evidence.withdrawn_at is None and item.rests_on_face == "no"
            and item.pk in checked and checked[item.pk].verified and checked[item.pk].rests_on_face == "no"
        ]  # fmt: skip

    @invariant()
    def nobody_verified_an_own_item(self) -> None:
        """FR-10."""
        for item in self.items().filter(verification__isnull=False).select_related("verification"):
            assert item.verification.verifier_id != item.linked_by_id

    @invariant()
    def a_lineup_follows_something_else(self) -> None:
        """FR-11: no line-up was linked before another item was verified."""
        for lineup in self.items().filter(kind="lineup"):
            before = CorroborationVerification.objects.filter(
                corroboration__lead=self.lead, verified=True, corroboration__rests_on_face="no",
                rests_on_face="no", at__lt=lineup.linked_at,
            )  # fmt: skip
            assert before.exclude(corroboration__kind="lineup").exists()

    @invariant()
    def a_new_approval_is_earned(self) -> None:
        """FR-10, FR-11, FR-12, FR-13, FR-14, FR-18, at the step at which the application is approved."""
        for application in self.applications().filter(state="approved").exclude(pk__in=self.judged):
            self.judged.add(application.pk)
            counting = self.counting()
            assert len(counting) >= engine.parameter("corroboration_min")
            assert {item.kind for item in counting} != {"lineup"}
            assert application.lead.candidate.search.purpose == "suspect"
            assert not self.entries().filter(answers__isnull=True).exists()
            assert application.decisions.filter(outcome="approve").count() >= engine.parameter("warrant_approvers")
            assert application.packet.sha256 == application.packet_sha256

    @invariant()
    def who_decided_had_no_part(self) -> None:
        """FR-13, at the step at which the decision is made."""
        made = self.lead.candidate
        for decision in WarrantDecision.objects.filter(application__lead=self.lead):
            if (WarrantDecision, decision.pk) in self.kept:
                continue
            parts = {made.search.requested_by_id, self.lead.created_by_id, decision.application.applicant_id}
            parts |= set(made.examinations.values_list("examiner_id", flat=True))
            parts |= set(self.items().values_list("linked_by_id", flat=True))
            parts |= set(self.items().values_list("verification__verifier_id", flat=True))
            assert decision.captain_id not in parts
            assert decision.captain.groups.filter(name="captain").exists()
            assert decision.read_packet and decision.reasons.strip()

    @invariant()
    def what_is_decided_never_changes(self) -> None:
        """FR-14: rows that ended, decisions, verifications and answers are the same after every later step."""
        ended = self.applications().exclude(state="submitted")
        decisions = WarrantDecision.objects.filter(application__lead=self.lead)
        checks = CorroborationVerification.objects.filter(corroboration__lead=self.lead)
        steps = WarrantStep.objects.filter(application__lead=self.lead)
        now = {(rows.model, row["id"]): row for rows in (ended, decisions, checks, steps) for row in rows.values()}
        recalled = {(WarrantApplication, key): {"state": "recalled"}
                    for key in steps.filter(kind="recalled").values_list("application", flat=True)}  # fmt: skip
        assert {key: now.get(key) for key in self.kept} == {
            key: row | (recalled.get(key, {}) if row.get("state") == "approved" else {})
            for key, row in self.kept.items()
        }
        self.kept = now

    @invariant()
    def one_application_is_open_at_most(self) -> None:
        """FR-13."""
        assert self.applications().filter(state="submitted").count() <= 1
        assert self.applications().filter(state="approved").count() <= 1

    @invariant()
    def the_lead_stands_as_its_newest_application(self) -> None:
        """The two move only together."""
        newest = self.applications().first()
        state = Lead.objects.values_list("state", flat=True).get(pk=self.lead.pk)
        assert state in NEWEST[newest.state if newest else None]
        self.reached |= {state, newest.state if newest else "none"}


def tell_stories(stage: str, number: int, *refusals: type[Exception]) -> Counter[str]:
    """Stories from this stage on; how often something was asked, and how often it was done."""
    kind = machine_at(stage, (*REFUSALS, *refusals))
    kind.begun = begin_at(stage)
    settle()
    run_state_machine_as_test(
        kind,
        settings=settings(
            max_examples=number, stateful_step_count=12, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    return kind.answered


def machine_at(stage: str, refusals: tuple[type[Exception], ...] = REFUSALS) -> type[LeadMachine]:
    """A machine of its own whose stories begin at this stage."""
    own = {"stage": stage, "reached": set(), "answered": Counter(), "refusals": refusals}
    return type("Machine", (LeadMachine,), own)


@contextmanager
def story(stage: str) -> Iterator[Callable[..., set[str]]]:
    """One story, told step by step: `then(rule, **arguments)` holds every invariant to it and says what was reached."""
    machine = machine_at(stage)()

    def then(step: str, **arguments) -> set[str]:
        getattr(machine, step)(**arguments)
        for truth in machine.invariants:
            truth.function(machine)
        return machine.reached

    try:
        then("begin")
        yield then
    finally:
        machine.teardown()
