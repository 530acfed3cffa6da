"""AU-01: whatever is done to the chain afterwards is found, and the entry is named."""

import hashlib
import json
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ecpd.accounts.roles import Role
from ecpd.audit.models import AuditEvent, ChainCheck, ChainHead
from ecpd.audit.models.event import CANONICAL_SQL
from ecpd.audit.services import record
from ecpd.audit.tasks import verify_chain
from ecpd.audit.verification import MAX_FINDINGS, verify, verify_and_record
from ecpd.policy import engine as policy
from ecpd.policy.errors import PolicyDenied
from ecpd.policy.models import Decision
from tests.audit.conftest import LENGTH
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
TABLE = "audit_auditevent"
SEAL_OF_ROW = f"encode(sha256(convert_to(previous_hash || {CANONICAL_SQL.format(row=TABLE)}, 'UTF8')), 'hex')"


def found(heads=None) -> list[tuple[int, str]]:
    """Number and kind of every break."""
    return [(finding.number, finding.kind) for finding in verify(heads).findings]


def seal_again(cursor, number: int) -> None:
    """Give the entry the seal that fits its content, as somebody would who knows how."""
    cursor.execute(f"UPDATE {TABLE} SET hash = {SEAL_OF_ROW} WHERE number = %s", [number])


def seal_all_again(cursor, first: int) -> None:
    """Write the chain anew from an entry on."""
    for number in range(first, LENGTH + 1):
        cursor.execute(
            f"UPDATE {TABLE} SET previous_hash = (SELECT hash FROM {TABLE} WHERE number = %s) WHERE number = %s",
            [number - 1, number],
        )
        seal_again(cursor, number)


def move(cursor, number: int, to: int) -> None:
    """Give an entry another number."""
    cursor.execute(f"UPDATE {TABLE} SET number = %s WHERE number = %s", [to, number])


def swap(cursor, one: int, other: int) -> None:
    """Let two entries change places."""
    move(cursor, one, -1)
    move(cursor, other, one)
    move(cursor, -1, other)


def copy_of(cursor, number: int, to: int) -> None:
    """Slip in a copy of an entry under another number."""
    columns = "at, actor_id, actor_label, action, subject_type, subject_id, subject_label, case_number, decision_id, "
    columns += "detail, ip_address, previous_hash, hash"
    cursor.execute(
        f"INSERT INTO {TABLE} (number, {columns}) SELECT %s, {columns} FROM {TABLE} WHERE number = %s", [to, number]
    )


def test_an_untouched_chain_is_intact(chain):
    result = verify()
    assert result.intact
    assert (result.entries, result.head) == (LENGTH, (LENGTH, chain[-1].hash))


def test_an_empty_chain_is_intact():
    result = verify([])
    assert (result.intact, result.entries, result.head) == (True, 0, (0, "0" * 64))


def test_entries_are_numbered_without_gaps_and_each_holds_the_seal_before_it(chain):
    assert [entry.number for entry in chain] == list(range(1, LENGTH + 1))
    assert [entry.previous_hash for entry in chain] == ["0" * 64, *[entry.hash for entry in chain[:-1]]]


def test_a_seal_is_the_sha256_of_the_seal_before_and_the_content(chain):
    entry = chain[4]
    content = [
        entry.number, entry.at.strftime("%Y-%m-%dT%H:%M:%S.%f"), entry.actor_id, entry.actor_label, entry.action,
        entry.subject_type, entry.subject_id, entry.subject_label, entry.case_number, entry.decision_id,
        dict(sorted(entry.detail.items(), key=lambda item: (len(item[0]), item[0]))), entry.ip_address,
    ]  # fmt: skip
    text = json.dumps(content, ensure_ascii=False)
    assert entry.hash == hashlib.sha256((entry.previous_hash + text).encode()).hexdigest()


def test_number_time_and_seal_are_the_databases_whatever_was_passed(chain):
    AuditEvent(actor_label="Somebody", action="x", number=77, at="2001-01-01T00:00Z", hash="0" * 64).save()
    newest = AuditEvent.objects.order_by("-number").first()
    assert newest.number == LENGTH + 1
    assert newest.at - chain[-1].at < timedelta(minutes=5)
    assert found() == []


def test_what_was_rolled_back_leaves_no_gap(chain, auditor):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(actor=auditor, action="audit.viewed")
        raise ZeroDivisionError
    record(actor=auditor, action="audit.viewed")
    assert (found(), AuditEvent.objects.order_by("-number").first().number) == ([], LENGTH + 1)


def test_even_the_owner_changes_nothing_while_the_triggers_stand(chain, owner_cursor):
    owner_cursor.execute("SET session_replication_role = origin")
    for sql in (f"UPDATE {TABLE} SET action = 'x' WHERE number = 3", f"DELETE FROM {TABLE} WHERE number = 3"):
        with pytest.raises(DatabaseError, match="AU-01: What is written here"), transaction.atomic():
            owner_cursor.execute(sql)
    assert found() == []


def test_a_changed_entry_is_named(chain, owner_cursor):
    owner_cursor.execute(f"UPDATE {TABLE} SET actor_label = 'Nobody' WHERE number = 4")
    result = verify()
    assert not result.intact
    assert found() == [(4, "changed")]
    assert result.findings[0].sentence == "Entry 4 was changed after it was written."


def test_a_changed_entry_with_a_fitting_seal_breaks_the_next(chain, owner_cursor):
    owner_cursor.execute(f"UPDATE {TABLE} SET actor_label = 'Nobody' WHERE number = 4")
    seal_again(owner_cursor, 4)
    assert found() == [(5, "reordered")]


def test_a_chain_written_anew_is_found_by_a_noted_head(chain, owner_cursor):
    owner_cursor.execute(f"UPDATE {TABLE} SET actor_label = 'Nobody' WHERE number = 4")
    seal_all_again(owner_cursor, 4)
    assert found([]) == []
    assert found([(3, chain[2].hash)]) == []
    assert found([(8, chain[7].hash)]) == [(8, "changed")]


@pytest.mark.parametrize("number", [1, 5, 9])
def test_a_removed_entry_is_named(chain, owner_cursor, number):
    owner_cursor.execute(f"DELETE FROM {TABLE} WHERE number = %s", [number])
    assert found() == [(number, "missing")]
    assert verify().findings[0].sentence == f"Entry {number} is gone: the next one there is {number + 1}."


def test_several_removed_entries_are_named(chain, owner_cursor):
    owner_cursor.execute(f"DELETE FROM {TABLE} WHERE number IN (3, 4, 5, 8)")
    assert found() == [(3, "missing"), (8, "missing")]
    assert verify().findings[0].sentence == "Entry 3 to 5 is gone: the next one there is 6."


def test_a_removed_entry_whose_number_was_closed_up_is_found(chain, owner_cursor):
    owner_cursor.execute(f"DELETE FROM {TABLE} WHERE number = 5")
    for number in range(6, LENGTH + 1):
        move(owner_cursor, number, number - 1)
        seal_again(owner_cursor, number - 1)
    assert found()[0] == (5, "reordered")


def test_an_inserted_entry_is_found_where_it_stands(chain, owner_cursor):
    for number in range(LENGTH, 4, -1):
        move(owner_cursor, number, number + 1)
    copy_of(owner_cursor, 4, 5)
    assert found()[0] == (5, "changed")


def test_an_inserted_entry_with_a_fitting_seal_is_found_where_it_stands(chain, owner_cursor):
    for number in range(LENGTH, 4, -1):
        move(owner_cursor, number, number + 1)
        seal_again(owner_cursor, number + 1)
    copy_of(owner_cursor, 4, 5)
    seal_again(owner_cursor, 5)
    assert found()[0] == (5, "reordered")


def test_an_entry_slipped_in_under_a_number_already_taken_is_named(chain, owner_cursor):
    owner_cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    owner_cursor.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT {TABLE}_number_key")
    copy_of(owner_cursor, 6, 6)
    assert found() == [(6, "inserted")]


def test_an_entry_slipped_in_before_the_first_is_named(chain, owner_cursor):
    copy_of(owner_cursor, 1, 0)
    assert found()[0] == (0, "inserted")


def test_reordered_entries_are_named(chain, owner_cursor):
    swap(owner_cursor, 3, 4)
    assert found() == [(3, "changed"), (4, "changed"), (5, "reordered")]


def test_reordered_entries_with_fitting_seals_are_named(chain, owner_cursor):
    swap(owner_cursor, 3, 4)
    seal_again(owner_cursor, 3)
    seal_again(owner_cursor, 4)
    assert found() == [(3, "reordered"), (4, "reordered"), (5, "reordered")]


def test_a_cut_end_is_found_by_the_noted_head_only(chain, owner_cursor):
    owner_cursor.execute(f"DELETE FROM {TABLE} WHERE number > 7")
    assert found([]) == []
    assert found([(LENGTH, chain[-1].hash)]) == [(8, "cut")]
    assert verify([(LENGTH, chain[-1].hash)]).findings[0].sentence == (
        "The chain ends at entry 7, but entry 10 was noted: the end was cut."
    )


def test_a_chain_emptied_whole_is_found(chain, owner_cursor):
    verify_and_record()
    owner_cursor.execute(f"DELETE FROM {TABLE}")
    assert found() == [(1, "cut")]


def test_a_cut_end_that_grew_again_is_found(chain, owner_cursor, auditor):
    owner_cursor.execute(f"DELETE FROM {TABLE} WHERE number > 7")
    owner_cursor.execute("SET session_replication_role = origin")
    for _ in range(5):
        record(actor=auditor, action="audit.viewed")
    assert found([]) == []
    assert found([(LENGTH, chain[-1].hash)]) == [(LENGTH, "changed")]


def test_an_end_cut_after_a_verification_is_found_by_the_next(chain, owner_cursor):
    assert verify_and_record().result == ChainCheck.Result.INTACT
    assert ChainHead.objects.get().number == LENGTH
    owner_cursor.execute(f"DELETE FROM {TABLE} WHERE number = {LENGTH}")
    check = verify_and_record()
    assert (check.result, check.findings[0]["kind"]) == (ChainCheck.Result.BROKEN, "cut")
    assert ChainHead.objects.count() == 1, "the head of a broken chain is not noted"


def test_the_scheduled_verification_keeps_its_result(chain):
    verify_chain()
    check = ChainCheck.objects.get()
    assert (check.result, check.entries, check.started_by) == (ChainCheck.Result.INTACT, LENGTH, None)
    assert check.head_hash == chain[-1].hash


def test_a_ruined_chain_is_told_in_the_first_fifty_breaks(auditor, owner_cursor):
    owner_cursor.execute("SET session_replication_role = origin")
    for _ in range(MAX_FINDINGS + 10):
        record(actor=auditor, action="audit.viewed")
    owner_cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET session_replication_role = replica")
    owner_cursor.execute(f"UPDATE {TABLE} SET action = 'x'")
    assert [number for number, _ in found()] == list(range(1, MAX_FINDINGS + 1))


WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
SEALS = st.text("0123456789abcdef", min_size=64, max_size=64)
CHANGES = st.one_of(
    *[
        st.tuples(st.just(column), WORDS)
        for column in ("actor_label", "action", "subject_type", "subject_id", "subject_label", "case_number")
    ],
    st.tuples(st.sampled_from(["previous_hash", "hash"]), SEALS),
    st.tuples(st.sampled_from(["actor_id", "decision_id"]), st.none() | st.integers(-(2**63), 2**63 - 1)),
    st.tuples(st.just("at"), st.datetimes()),
    st.tuples(st.just("ip_address"), st.none() | st.ip_addresses().map(str)),
    st.tuples(st.just("detail"), st.dictionaries(WORDS, WORDS | st.integers() | st.booleans()).map(json.dumps)),
)


@given(number=st.integers(1, LENGTH), change=CHANGES)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_change_of_any_content_of_any_entry_is_found_at_its_number(chain, owner_cursor, number, change):
    column, value = change
    with transaction.atomic():
        owner_cursor.execute(
            f"UPDATE {TABLE} SET {column} = %s WHERE number = %s AND {column} IS DISTINCT FROM %s",
            [value, number, value],
        )
        changed, breaks = owner_cursor.rowcount, found([])
        transaction.set_rollback(True)
    assume(changed)
    assert breaks[0] == (number, "changed")


@given(st.sets(st.integers(1, LENGTH), min_size=1))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_removal_is_found_where_it_begins(chain, owner_cursor, numbers):
    with transaction.atomic():
        owner_cursor.execute(f"DELETE FROM {TABLE} WHERE number = ANY(%s)", [list(numbers)])
        breaks = found([(LENGTH, chain[-1].hash)])
        transaction.set_rollback(True)
    assert breaks[0][0] == min(numbers)
    assert breaks[0][1] in {"missing", "cut"}


@pytest.mark.parametrize("actor_role", [Role.AUDITOR, Role.CAPTAIN])
def test_the_chain_seals_each_decision(actor_role):
    actor = make_user(actor_role)
    try:
        policy.authorize(actor, "audit.verify", justification="Renée’s “request”", note="ignored")
    except PolicyDenied:
        assert actor_role == Role.CAPTAIN
    decision = Decision.objects.get()
    entry = AuditEvent.objects.get(decision_id=decision.pk)
    assert (entry.actor, entry.action) == (actor, decision.action)
    assert entry.detail == {"outcome": decision.outcome, "decision": policy.decision_digest(decision)}


@pytest.mark.parametrize(
    "change",
    ["outcome = 'denied'", "verdicts = '[]'", "justification = 'x'", "parameters = '{\"a\": 1}'", "action = 'x'",
     "subject_id = '5'", "subject_type = 'x'", "case_number = '26-000999'", "actor_id = actor_id + 1",
     "manual_version_id = manual_version_id + 1"],
)  # fmt: skip
def test_a_changed_decision_no_longer_fits_what_the_chain_sealed(auditor, owner_cursor, change):
    owner_cursor.execute("SET session_replication_role = origin")
    decision = policy.authorize(auditor, "audit.verify")
    sealed = AuditEvent.objects.get(decision_id=decision.pk).detail["decision"]
    owner_cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET session_replication_role = replica")
    owner_cursor.execute(f"UPDATE policy_decision SET {change} WHERE id = %s", [decision.pk])
    assert policy.decision_digest(Decision.objects.get()) != sealed


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_leave_no_gap_and_no_break():
    people, each, errors = [make_user(Role.AUDITOR) for _ in range(8)], 12, []
    start = Barrier(len(people))

    def work(person) -> None:
        try:
            start.wait(30)
            for step in range(each):
                if step % 3 == 0:
                    policy.authorize(person, "audit.verify")
                else:
                    record(actor=person, action="audit.viewed", step=step)
        except Exception as error:  # told to the test's own thread
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=work, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert errors == []
    numbers = list(AuditEvent.objects.order_by("id").values_list("number", flat=True))
    assert sorted(numbers) == list(range(1, len(people) * each + 1))
    assert found() == []
