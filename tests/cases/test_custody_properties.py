"""Whatever is done with exhibits, in whatever order: every chain of custody stays whole and nothing disappears.

People go through the services; somebody with the application's password for the database goes round them. The truths
are asked of the rows and of the vault itself.
"""

import hashlib
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext, suppress
from datetime import datetime, timedelta
from itertools import pairwise

import hypothesis.strategies as st
import pytest
from django.conf import settings as site
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from cases import vault
from cases.models import CustodyEntry, Evidence, StoredFile
from cases.services.case import assign
from cases.services.evidence import add_derivative, check_hash, hand_over, withdraw_evidence
from ecpd.accounts.roles import Role
from ecpd.policy.errors import PolicyDenied
from ecpd.problem import StaleState
from tests.factories.cases import exhibit, opened, picture
from tests.factories.leads import allowed_on
from tests.factories.people import make_user
from tests.signing_in import sign_in

REFUSALS = (PolicyDenied, StaleState, ValidationError)
PLACES = ["Property room", "Crime lab", "Det. Priya Raman", "Court"]
PEOPLE = st.sampled_from(["okafor", "okafor", "raman", "marsh", "stranger", "auditor"])
HOLDER = "whoever has it"
FROM = st.sampled_from([HOLDER, HOLDER, HOLDER, *PLACES, ""])
MINUTES = st.integers(-400, 30)
ANY = st.integers(0, 100)
# What stays as it was written. An exhibit's place, title and withdrawal may change; its origin and file may not.
FIXED = {
    CustodyEntry: ["evidence_id", "at", "action", "from_party", "to_party", "reason", "recorded_by_id", "recorded_at"],
    Evidence: [
        "case_id",
        "number",
        "kind",
        "file_id",
        "file_name",
        "origin",
        "obtained_at",
        "derived_from_id",
        "added_at",
    ],
    StoredFile: ["sha256", "size", "media_type", "created_at"],
}
ATTACKS = [
    lambda found: found.custody.update(to_party="Somebody else"),
    lambda found: found.custody.update(at=timezone.now() - timedelta(days=9)),
    lambda found: found.custody.all()._raw_delete(found.custody.db),
    lambda found: CustodyEntry(pk=found.custody.first().pk, evidence=found, at=timezone.now(), to_party="x").save(),
    lambda found: Evidence.objects.filter(pk=found.pk).update(file=None),
    lambda found: Evidence.objects.filter(pk=found.pk)._raw_delete("default"),
    lambda found: StoredFile.objects.filter(pk=found.file_id).update(sha256="0" * 64),
    lambda found: execute("TRUNCATE cases_custodyentry"),
    lambda found: execute("ALTER TABLE cases_custodyentry DISABLE TRIGGER ALL"),
    lambda found: execute("SET session_replication_role = replica"),
]


def execute(statement: str) -> None:
    """A statement of whoever has the application's password."""
    with connection.cursor() as cursor:
        cursor.execute(statement)


class CustodyMachine(RuleBasedStateMachine):
    """A case's exhibits in many hands. Every story runs in a transaction that is rolled back."""

    seen: Counter[str] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block._from_testcase = True  # as Django's own test cases do: a door may be the outermost inside it
        self.block.__enter__()
        self.kept: dict[tuple[type, int], list] = {}
        self.contents: dict[int, str] = {}

    def teardown(self) -> None:
        """Nothing stays."""
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        """A case with one exhibit, obtained some hours ago."""
        self.okafor, self.raman = make_user(Role.INVESTIGATOR), make_user(Role.INVESTIGATOR)
        self.stranger, self.auditor = make_user(Role.INVESTIGATOR), make_user(Role.AUDITOR)
        self.marsh = make_user(Role.CAPTAIN)
        self.case = opened(self.okafor, captain=self.marsh)
        assign(case=self.case, user=self.raman, actor=self.marsh)
        self.add("okafor", 1)

    def tried(self, name: str, work: Callable[[], object], *refusals: type[Exception]) -> None:
        """Do it, or be refused; count which."""
        with suppress(*REFUSALS, *refusals):
            with transaction.atomic() if refusals else nullcontext():
                work()
            self.seen[name] += 1
            return
        self.seen[f"{name} refused"] += 1

    def one(self, pick: int) -> Evidence:
        """One of the exhibits."""
        found = Evidence.objects.order_by("pk")
        return found[pick % len(found)]

    @rule(who=PEOPLE, shade=ANY)
    def add(self, who: str, shade: int) -> None:
        """An exhibit, the same file as another's at times."""
        content = picture(size=(8 + shade % 4, 8))
        begun = timezone.now() - timedelta(hours=6)
        self.tried("add", lambda: exhibit(self.case, getattr(self, who), file=content, obtained_at=begun))

    @rule(who=PEOPLE, pick=ANY, shade=ANY, words=st.sampled_from(["Cropped to the face.", ""]))
    def derive(self, who: str, pick: int, shade: int, words: str) -> None:
        """An edit beside its original."""
        content = picture("L", "PNG", (20 + shade, 8))
        self.tried("derive", lambda: add_derivative(original=self.one(pick), actor=getattr(self, who), title="Crop",
                                                    derivation=words, file=content))  # fmt: skip

    @rule(who=PEOPLE, pick=ANY, giver=FROM, taker=st.sampled_from(PLACES), minutes=MINUTES)
    def hand_on(self, who: str, pick: int, giver: str, taker: str, minutes: int) -> None:
        """A hand-over, of what the giver has or has not, when it can or cannot have been."""
        found = self.one(pick)
        giver = found.custody.last().to_party if giver == HOLDER else giver
        self.tried("hand over", lambda: hand_over(
            evidence=found, actor=getattr(self, who), action="transferred", from_party=giver, to_party=taker,
            reason="Comparison", at=timezone.now() + timedelta(minutes=minutes)))  # fmt: skip

    @rule(who=PEOPLE, pick=ANY, reason=st.sampled_from(["Belongs to another case.", ""]))
    def withdraw(self, who: str, pick: int, reason: str) -> None:
        """An exhibit is withdrawn."""
        self.tried("withdraw", lambda: withdraw_evidence(
            evidence=self.one(pick), actor=getattr(self, who), reason=reason))  # fmt: skip

    @rule(pick=ANY, giver=FROM, minutes=MINUTES)
    def slip_in_a_link(self, pick: int, giver: str, minutes: int) -> None:
        """A link past every service: bulk_create."""
        found = self.one(pick)
        giver = found.custody.last().to_party if giver == HOLDER else giver
        link = CustodyEntry(evidence=found, at=timezone.now() + timedelta(minutes=minutes), action="other", reason="x",
                            from_party=giver, to_party="Trunk of a car", recorded_by=self.okafor)  # fmt: skip

        def write() -> None:
            allowed_on(self.okafor, "evidence.hand_over", self.case)
            CustodyEntry.objects.bulk_create([link])

        self.tried("slip in", write, DatabaseError)

    @rule(pick=ANY, attack=st.sampled_from(ATTACKS))
    def tamper(self, pick: int, attack: Callable[[Evidence], object]) -> None:
        """Rows changed and removed past every service."""
        self.tried("tamper", lambda: attack(self.one(pick)), DatabaseError)

    @invariant()
    def every_chain_is_whole(self) -> None:
        """It begins once; each link begins where the one before it ended, and not before it."""
        for found in Evidence.objects.prefetch_related("custody"):
            links = list(found.custody.all())
            assert links and links[0].at == found.obtained_at
            for earlier, later in pairwise(links):
                assert later.from_party == earlier.to_party
                assert later.at >= earlier.at

    @invariant()
    def every_original_is_what_it_was(self) -> None:
        """Its file is there, under the SHA-256 of its content."""
        for found in Evidence.objects.select_related("file"):
            digest = hashlib.sha256(vault.read(found.file)).hexdigest()
            assert self.contents.setdefault(found.pk, digest) == digest == found.file.sha256
            assert check_hash(evidence=found, actor=self.okafor)

    @invariant()
    def nothing_disappears_or_changes(self) -> None:
        """What once stood stands, as it was written."""
        for model, fields in FIXED.items():
            now = {(model, row[0]): list(row[1:]) for row in model.objects.values_list("pk", *fields)}
            before = {key: row for key, row in self.kept.items() if key[0] is model}
            assert {key: now.get(key) for key in before} == before
            self.kept |= now


@pytest.mark.django_db
def test_whatever_is_tried_every_chain_of_custody_stays_whole():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (site.DATABASE_APP_ROLE,)
    CustodyMachine.seen.clear()
    run_state_machine_as_test(
        CustodyMachine,
        settings=settings(max_examples=20, stateful_step_count=15, deadline=None, derandomize=True, database=None,
                          suppress_health_check=list(HealthCheck)),
    )  # fmt: skip
    done = {name for name, times in CustodyMachine.seen.items() if times}
    assert done >= {"add", "derive", "hand over", "withdraw", "slip in"}
    assert done >= {f"{name} refused" for name in ("add", "derive", "hand over", "withdraw", "slip in", "tamper")}
    assert CustodyMachine.seen["tamper"] == 0


@pytest.fixture
def held(okafor, case) -> Evidence:
    """An exhibit that is with the investigator since four hours."""
    return exhibit(case, okafor, obtained_at=timezone.now() - timedelta(hours=4))


def link(held: Evidence, giver: str, at: datetime | None = None, taker: str = "Crime lab") -> CustodyEntry:
    """A hand-over by the investigator."""
    return hand_over(evidence=held, actor=held.added_by, action="transferred", from_party=giver, to_party=taker,
                     reason="Comparison", at=at)  # fmt: skip


def test_a_hand_over_begins_with_who_has_it(held, okafor):
    link(held, okafor.display_name)
    assert link(held, " Crime lab ", taker="Property room").from_party == "Crime lab"


def test_a_gap_is_refused_and_the_answer_says_what_to_do(held, okafor):
    with pytest.raises(ValidationError) as refusal:
        link(held, "Property room")
    words = refusal.value.message_dict["from_party"]
    assert words == [
        f"It is with {okafor.display_name}. If it passed through other hands since, record those hand-overs first."
    ]
    assert held.custody.count() == 1


def test_the_page_offers_who_has_it_as_the_giver(client, held, okafor):
    link(held, okafor.display_name)
    sign_in(client, okafor)
    assert client.get(held.get_absolute_url()).context["custody_form"].initial["from_party"] == "Crime lab"


def test_a_hand_over_in_the_minute_of_the_last_link_is_taken(okafor, case):
    made = exhibit(case, okafor, obtained_at=timezone.now() - timedelta(minutes=1))
    this_minute = made.obtained_at.replace(second=0, microsecond=0)
    assert link(made, okafor.display_name, this_minute).at == made.obtained_at
    with pytest.raises(ValidationError):
        link(made, "Crime lab", this_minute - timedelta(minutes=1))
