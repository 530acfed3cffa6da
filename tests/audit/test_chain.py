"""AU-01: whatever is done to the chain afterwards is found, and the entry is named."""

import hashlib
import json
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ecpd.accounts.roles import Role
from ecpd.audit.canonical import EVENT_COLUMNS
from ecpd.audit.checking import carry_out_requests
from ecpd.audit.models import AuditEvent, ChainCheck, ChainHead, ChainSeal, Unsealed
from ecpd.audit.services import record
from ecpd.audit.tasks import verify_chain
from ecpd.audit.verification import MAX_FINDINGS, verify
from ecpd.policy import engine as policy
from tests.audit.conftest import LENGTH
from tests.audit.tampering import (
    EVENTS,
    OF,
    SEALS,
    change,
    copy_of,
    cut,
    move,
    remove,
    seal_again,
    seal_all_again,
    swap,
    written_late,
)
from tests.factories.people import make_user
from tests.sealing import as_role, check, seal

pytestmark = pytest.mark.django_db


def found(heads=None) -> list[tuple[int, str]]:
    """Number and kind of every break of the chain itself."""
    return [(finding.number, finding.kind) for finding in verify(heads, rows=False).findings]


def sentences(heads=None) -> list[str]:
    """What is told of every break of the chain itself."""
    return [finding.sentence for finding in verify(heads, rows=False).findings]


def test_an_untouched_chain_is_intact(chain):
    result = verify()
    assert result.intact
    assert (result.entries, result.head) == (LENGTH, (LENGTH, chain[-1].hash))


def test_an_empty_chain_beside_records_is_named(chain, owner_cursor):
    owner_cursor.execute(f"DELETE FROM {EVENTS}")
    owner_cursor.execute(f"DELETE FROM {SEALS}")
    result = verify([])
    assert (result.intact, result.entries, result.head) == (False, 0, (0, "0" * 64))
    assert result.findings[-1].sentence == f"The chain is empty, and {result.rows} sealed rows are there."


def test_entries_are_numbered_without_gaps_and_each_holds_the_seal_before_it(chain):
    assert [entry.number for entry in chain] == list(range(1, LENGTH + 1))
    assert [entry.seal.previous_hash for entry in chain] == ["0" * 64, *[entry.hash for entry in chain[:-1]]]


def test_a_seal_is_the_sha256_of_the_seal_before_the_number_the_time_and_the_content(chain):
    entry = chain[7]
    content = {"at": as_text(entry.at)} | {name: getattr(entry, name) for name in EVENT_COLUMNS}
    text = json.dumps(in_order(content), ensure_ascii=False)
    salted = hashlib.sha256(f"{entry.seal.salt}\n{text}".encode()).hexdigest()
    lines = [entry.seal.previous_hash, str(entry.number), as_text(entry.seal.sealed_at), salted]
    assert entry.hash == hashlib.sha256("\n".join(lines).encode()).hexdigest()


def test_each_entry_has_a_salt_of_its_own(chain):
    assert len({entry.seal.salt for entry in chain}) == LENGTH
    assert {len(entry.seal.salt) for entry in chain} == {32}


def test_entries_sealed_before_there_were_salts_go_on_being_verified(chain, owner_cursor):
    owner_cursor.execute("UPDATE audit_chainseal SET salt = '' WHERE number <= 5")
    for number in range(1, 6):
        seal_again(owner_cursor, number)
        owner_cursor.execute("UPDATE audit_chainseal n SET previous_hash = s.hash FROM audit_chainseal s "
                             "WHERE s.number = %s AND n.number = %s", [number, number + 1])  # fmt: skip
    seal_all_again(owner_cursor, 6)
    assert verify().intact
    change(owner_cursor, 3, "action", "x")
    assert [(f.number, f.kind) for f in verify(rows=False).findings] == [(3, "changed")]


def as_text(moment) -> str:
    """UTC, to the microsecond."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")


def in_order(value):
    """An object's keys as PostgreSQL keeps them: the shorter first, then by their bytes."""
    if not isinstance(value, dict):
        return value
    return {key: in_order(value[key]) for key in sorted(value, key=lambda key: (len(key.encode()), key.encode()))}


def test_what_is_written_waits_for_the_sealer_and_is_there_at_once(chain, auditor):
    record(actor=auditor, action="audit.viewed")
    newest = AuditEvent.objects.first()
    assert (newest.action, newest.number, str(newest)) == (
        "audit.viewed",
        None,
        "Unsealed Joan Whitlock: Audit: viewed.",
    )
    assert Unsealed.objects.get().event_id == newest.pk
    assert (verify().intact, verify().entries) == (True, LENGTH)
    assert seal() == 1
    assert AuditEvent.objects.select_related("seal").first().number == LENGTH + 1
    assert not Unsealed.objects.exists()
    assert (verify().intact, verify().entries) == (True, LENGTH + 1)


@pytest.mark.parametrize(("column", "value"), [("action", "x"), ("actor_label", "Nobody"), ("digest", "0" * 64)])
def test_an_entry_that_is_altered_while_it_waits_is_named_and_never_sealed(chain, auditor, owner_cursor, column, value):
    owner_cursor.execute("SET session_replication_role = origin")
    record(actor=auditor, action="audit.viewed")
    record(actor=auditor, action="audit.viewed")
    owner_cursor.execute("SET session_replication_role = replica")
    waits = min(Unsealed.objects.values_list("event_id", flat=True))
    owner_cursor.execute(f"UPDATE {EVENTS} SET {column} = %s WHERE id = %s", [value, waits])
    said = (0, "changed", f"The entry with key {waits:,} was changed while it waited for its seal.")
    assert [(one.number, one.kind, one.sentence) for one in verify(rows=False).findings] == [said]
    assert seal() == 1
    assert [one.event_id for one in Unsealed.objects.all()] == [waits]
    assert [(one.number, one.kind, one.sentence) for one in verify(rows=False).findings] == [said]


def test_an_entry_that_is_removed_while_it_waits_is_named(chain, auditor, owner_cursor):
    owner_cursor.execute("SET session_replication_role = origin")
    record(actor=auditor, action="audit.viewed")
    owner_cursor.execute("SET session_replication_role = replica")
    waits = Unsealed.objects.get().event_id
    owner_cursor.execute(f"DELETE FROM {EVENTS} WHERE id = %s", [waits])
    assert seal() == 0
    assert sentences() == [f"The entry with key {waits:,} was removed while it waited for its seal."]


def test_an_entry_says_which_transaction_session_and_role_wrote_it(chain):
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user, pg_backend_pid(), pg_current_xact_id()::text::bigint, now()")
        role, backend, transaction_id, begun = cursor.fetchone()
    entry = chain[-1]
    assert (entry.session_name, entry.backend, entry.txid) == (role, backend, transaction_id)
    assert timedelta(0) <= entry.at - begun < timedelta(minutes=5)


def test_what_was_rolled_back_leaves_no_gap(chain, auditor):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(actor=auditor, action="audit.viewed")
        raise ZeroDivisionError
    record(actor=auditor, action="audit.viewed")
    seal()
    assert (found(), ChainSeal.objects.first().number) == ([], LENGTH + 1)


def test_even_the_owner_changes_nothing_while_the_triggers_stand(chain, owner_cursor):
    owner_cursor.execute("SET session_replication_role = origin")
    for sql in (f"UPDATE {EVENTS} SET action = 'x'", f"DELETE FROM {EVENTS}", f"UPDATE {SEALS} SET hash = ''"):
        with pytest.raises(DatabaseError, match="AU-01: What is written here"), transaction.atomic():
            owner_cursor.execute(sql)
    assert found() == []


def test_a_changed_entry_is_named(chain, owner_cursor):
    change(owner_cursor, 4, "actor_label", "Nobody")
    assert not verify().intact
    assert found() == [(4, "changed")]
    assert sentences()[0] == "Entry 4 was changed after it was sealed."


def test_a_changed_entry_with_a_fitting_seal_breaks_the_next(chain, owner_cursor):
    change(owner_cursor, 4, "actor_label", "Nobody")
    seal_again(owner_cursor, 4)
    assert found() == [(5, "reordered")]


def test_a_chain_written_anew_is_found_by_a_noted_head(chain, owner_cursor):
    change(owner_cursor, 4, "actor_label", "Nobody")
    seal_all_again(owner_cursor, 4)
    assert found([]) == []
    assert found([(3, chain[2].hash)]) == []
    assert found([(8, chain[7].hash)]) == [(8, "changed")]


@pytest.mark.parametrize("number", [1, 5, 9])
def test_a_removed_entry_is_named(chain, owner_cursor, number):
    remove(owner_cursor, number)
    assert found() == [(number, "missing")]
    assert sentences()[0] == f"Entry {number} is gone: the next one there is {number + 1}."


def test_several_removed_entries_are_named(chain, owner_cursor):
    remove(owner_cursor, 3, 4, 5, 8)
    assert found() == [(3, "missing"), (8, "missing")]
    assert sentences()[0] == "Entry 3 to 5 is gone: the next one there is 6."


def test_a_removed_entry_whose_number_was_closed_up_is_found(chain, owner_cursor):
    remove(owner_cursor, 5)
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
    owner_cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE {SEALS} DROP CONSTRAINT {SEALS}_pkey")
    copy_of(owner_cursor, 6, 6)
    assert found() == [(6, "inserted")]


def test_an_entry_slipped_in_before_the_first_is_named(chain, owner_cursor):
    copy_of(owner_cursor, 1, 0)
    assert found()[0] == (0, "inserted")


def test_an_entry_whose_seal_is_left_is_missing(chain, owner_cursor):
    owner_cursor.execute(f"DELETE FROM {EVENTS} WHERE id = %s", [chain[5].pk])
    assert found() == [(6, "missing")]


def test_an_entry_that_nobody_queued_is_found_although_it_has_no_seal(chain, owner_cursor):
    columns = ", ".join(["format", "at", *EVENT_COLUMNS[1:]])
    owner_cursor.execute(
        f"INSERT INTO {EVENTS} ({columns}) SELECT {columns} FROM {EVENTS} WHERE id = %s", [chain[5].pk]
    )
    assert found() == [(0, "inserted")]


@pytest.mark.parametrize(("table", "column"), [(EVENTS, "at"), (SEALS, "sealed_at")])
@pytest.mark.parametrize("moved", ["- interval '1 year'", "+ interval '1 year'"])
def test_an_entry_that_says_another_time_is_found_though_its_seal_fits(chain, owner_cursor, table, column, moved):
    key = "id" if table == EVENTS else "event_id"
    owner_cursor.execute(f"UPDATE {table} SET {column} = {column} {moved} WHERE {key} = %s", [chain[5].pk])
    seal_again(owner_cursor, 6)
    seal_all_again(owner_cursor, 7)
    assert found([])[0][1] == "backdated"
    assert found([])[0][0] in {6, 7}


def test_an_entry_of_a_transaction_that_lasted_for_hours_is_told_and_no_finding(chain, owner_cursor):
    written_late(owner_cursor, chain, txid=7)
    result = verify([], rows=False)
    assert (result.findings, result.intact, result.late) == ([], True, {7: 1})


def test_a_late_entry_that_was_dated_back_on_top_is_found(chain, owner_cursor):
    late = written_late(owner_cursor, chain, txid=7)
    owner_cursor.execute(f"UPDATE {EVENTS} SET at = at - interval '1 day' WHERE id = %s", [late.pk])
    seal_again(owner_cursor, LENGTH)
    assert found([]) == [(LENGTH, "backdated")]


def test_an_entry_under_an_old_key_of_a_transaction_that_began_later_is_found(chain, owner_cursor):
    written_late(owner_cursor, chain, txid=1_000_000)
    assert found([]) == [(LENGTH, "backdated")]


def test_an_entry_added_today_that_says_three_hours_ago_is_found(chain, owner_cursor):
    owner_cursor.execute(f"UPDATE {EVENTS} SET at = at - interval '3 hours', txid = 7 WHERE id = %s", [chain[-1].pk])
    seal_again(owner_cursor, LENGTH)
    assert found([]) == [(LENGTH, "backdated")]


def test_reordered_entries_are_named(chain, owner_cursor):
    swap(owner_cursor, 3, 4)
    assert found() == [(3, "changed"), (4, "changed"), (5, "reordered")]


def test_reordered_entries_with_fitting_seals_are_named(chain, owner_cursor):
    swap(owner_cursor, 3, 4)
    seal_again(owner_cursor, 3)
    seal_again(owner_cursor, 4)
    assert found() == [(3, "reordered"), (4, "reordered"), (5, "reordered")]


def test_a_cut_end_is_found_by_the_noted_head_only(chain, owner_cursor):
    cut(owner_cursor, 7)
    assert found([]) == []
    assert found([(LENGTH, chain[-1].hash)]) == [(8, "cut")]
    assert verify([(LENGTH, chain[-1].hash)]).findings[0].sentence == (
        "The chain ends at entry 7, but entry 10 was noted: the end was cut."
    )


def test_a_chain_emptied_whole_is_found(chain, owner_cursor):
    check()
    cut(owner_cursor, 0)
    assert found() == [(1, "cut")]


def test_a_cut_end_that_grew_again_is_found(chain, owner_cursor, auditor):
    cut(owner_cursor, 7)
    owner_cursor.execute("SET session_replication_role = origin")
    for _ in range(5):
        record(actor=auditor, action="audit.viewed")
    seal()
    assert found([]) == []
    assert found([(LENGTH, chain[-1].hash)]) == [(LENGTH, "changed")]


def test_an_end_cut_after_a_verification_is_found_by_the_next(chain, owner_cursor):
    assert check().result == ChainCheck.Result.INTACT
    assert ChainHead.objects.get().number == LENGTH
    cut(owner_cursor, LENGTH - 1)
    second = check()
    assert (second.result, second.findings[0]["kind"]) == (ChainCheck.Result.BROKEN, "cut")
    assert ChainHead.objects.count() == 1, "the head of a broken chain is not noted"


def test_two_heads_noted_for_one_number_cannot_both_be_true(chain):
    assert found([(8, chain[7].hash), (8, chain[6].hash)]) == [(8, "changed")]


def test_the_scheduled_verification_is_made_by_the_sealer_which_keeps_its_result(chain):
    verify_chain()
    assert not ChainCheck.objects.exists()
    with as_role("ecpd_sealer"):
        assert (carry_out_requests(), carry_out_requests()) == (1, 0)
    kept = ChainCheck.objects.get()
    assert (kept.result, kept.entries, kept.started_by) == (ChainCheck.Result.INTACT, LENGTH, None)
    assert kept.head_hash == chain[-1].hash


IMPOSSIBLE = ["infinity", "-infinity", "20000-01-01", "0044-03-15 BC"]


def let_it_be_impossible(owner_cursor) -> None:
    """Who owns the tables takes the CHECKs away first."""
    owner_cursor.execute(f"ALTER TABLE {EVENTS} DROP CONSTRAINT value_audit_auditevent_at_possible")
    owner_cursor.execute(f"ALTER TABLE {SEALS} DROP CONSTRAINT value_audit_chainseal_sealed_at_possible")


@pytest.mark.parametrize("moment", IMPOSSIBLE)
@pytest.mark.parametrize(("table", "column"), [(EVENTS, "at"), (SEALS, "sealed_at")])
def test_a_moment_that_no_calendar_has_is_named_and_the_walk_goes_on(chain, owner_cursor, table, column, moment):
    let_it_be_impossible(owner_cursor)
    owner_cursor.execute(
        f"UPDATE {table} SET {column} = %s WHERE {OF if table == EVENTS else 'number = %s'}", [moment, 3]
    )
    assert (3, "changed") in found()


@pytest.mark.parametrize("moment", IMPOSSIBLE)
@pytest.mark.parametrize(("table", "column"), [(EVENTS, "at"), (SEALS, "sealed_at")])
def test_such_a_moment_is_named_also_where_everything_was_sealed_again(chain, owner_cursor, table, column, moment):
    let_it_be_impossible(owner_cursor)
    owner_cursor.execute(
        f"UPDATE {table} SET {column} = %s WHERE {OF if table == EVENTS else 'number = %s'}", [moment, 3]
    )
    seal_all_again(owner_cursor, 2)
    assert (3, "backdated") in found([])


def test_a_scheduled_verification_of_such_a_chain_has_its_result(chain, owner_cursor):
    let_it_be_impossible(owner_cursor)
    owner_cursor.execute(f"UPDATE {SEALS} SET sealed_at = 'infinity' WHERE number = 3")
    verify_chain()
    with as_role("ecpd_sealer"):
        assert carry_out_requests() == 1
    assert ChainCheck.objects.get().result == ChainCheck.Result.BROKEN


def test_a_ruined_chain_is_told_in_the_first_fifty_breaks(auditor, owner_cursor):
    owner_cursor.execute("SET session_replication_role = origin")
    for _ in range(MAX_FINDINGS + 10):
        record(actor=auditor, action="audit.viewed")
    seal()
    owner_cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET session_replication_role = replica")
    owner_cursor.execute(f"UPDATE {EVENTS} SET action = 'x'")
    assert [number for number, _ in found()] == list(range(1, MAX_FINDINGS + 1))
    assert verify().breaks > MAX_FINDINGS


WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
HASHES = st.text("0123456789abcdef", min_size=64, max_size=64)
CHANGES = st.one_of(
    *[
        st.tuples(st.just(column), WORDS)
        for column in (
            "actor_label",
            "action",
            "subject_type",
            "subject_id",
            "subject_label",
            "case_number",
            "table_name",
            "row_id",
            "digest",
            "session_name",
            "application",
        )
    ],
    st.tuples(st.sampled_from(["previous_hash", "hash"]), HASHES),
    st.tuples(
        st.sampled_from(["actor_id", "decision_id", "shape_id", "backend", "txid"]),
        st.none() | st.integers(-(2**63), 2**63 - 1),
    ),
    st.tuples(st.sampled_from(["at", "sealed_at"]), st.datetimes(datetime(1850, 1, 2), datetime(2199, 12, 31))),
    st.tuples(st.just("ip_address"), st.none() | st.ip_addresses().map(str)),
    st.tuples(st.just("detail"), st.dictionaries(WORDS, WORDS | st.integers() | st.booleans()).map(json.dumps)),
)


@given(number=st.integers(1, LENGTH), change=CHANGES)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_change_of_any_content_of_any_entry_is_found_at_its_number(chain, owner_cursor, number, change):
    column, value = change
    with transaction.atomic():
        table, key = (SEALS, "event_id") if column in {"previous_hash", "hash", "sealed_at"} else (EVENTS, "id")
        owner_cursor.execute(
            f"UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} IS DISTINCT FROM %s",
            [value, chain[number - 1].pk, value],
        )
        changed, breaks = owner_cursor.rowcount, found([])
        transaction.set_rollback(True)
    assume(changed)
    assert breaks[0] == (number, "changed")


@given(st.sets(st.integers(1, LENGTH), min_size=1))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_removal_is_found_where_it_begins(chain, owner_cursor, numbers):
    with transaction.atomic():
        remove(owner_cursor, *numbers)
        breaks = found([(LENGTH, chain[-1].hash)])
        transaction.set_rollback(True)
    assert breaks[0][0] == min(numbers)
    assert breaks[0][1] in {"missing", "cut"}


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
    waiting = Unsealed.objects.count()
    assert waiting > len(people) * each
    assert seal() == waiting
    assert list(ChainSeal.objects.order_by("number").values_list("number", flat=True)) == list(range(1, waiting + 1))
    assert verify().findings == []
