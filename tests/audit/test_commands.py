"""The shell's way to verify: exit code 1 when the chain is broken, and a head kept elsewhere."""

import json
import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from ecpd.audit.models import AuditEvent, ChainCheck, ChainHead, CheckRequest, Unsealed
from ecpd.audit.services import ask_for_check, record
from ecpd.audit.verification import MAX_FINDINGS, verify
from tests.audit.conftest import LENGTH
from tests.audit.tampering import change, cut, remove
from tests.sealing import as_role, seal

pytestmark = pytest.mark.django_db


def call(*arguments, **options) -> None:
    """Run a command as the sealer, which is whom manage.py runs these as."""
    with as_role("ecpd_sealer"):
        call_command(*arguments, **options)


def rows_of(chain) -> int:
    """How many rows the entries are of."""
    return len({(entry.table_name, entry.row_id) for entry in chain})


def test_an_intact_chain_is_told_and_kept(chain, capsys):
    call("verify_audit")
    *told, last = capsys.readouterr().out.splitlines()
    assert last.startswith(f"{LENGTH} entries, {rows_of(chain)} rows, the record is intact, ")
    assert told == ["2 rows of accounts_user: changed or removed in sessions of the database role ecpd_owner"]
    assert ChainCheck.objects.get().result == "intact"


def test_a_broken_chain_ends_with_exit_code_1_and_names_the_entry(chain, owner_cursor, capsys):
    change(owner_cursor, 4, "action", "x")
    with pytest.raises(SystemExit) as left:
        call("verify_audit")
    assert left.value.code == 1
    assert "changed: Entry 4 was changed after it was sealed." in capsys.readouterr().out
    assert ChainCheck.objects.get().result == "broken"


@pytest.mark.parametrize("form", ["words", "json"])
def test_every_break_is_named_however_many_there_are(chain, owner_cursor, capsys, form):
    """Whoever ruins fifty rows would else hide by them what he was after."""
    owner_cursor.execute("SET session_replication_role = origin")
    for _ in range(MAX_FINDINGS + 10):
        record(actor=None, action="audit.viewed")
    seal()
    owner_cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET session_replication_role = replica")
    owner_cursor.execute("UPDATE audit_auditevent SET action = 'x'")
    with pytest.raises(SystemExit):
        call("verify_audit", "--no-record", *(["--json"] if form == "json" else []))
    told = capsys.readouterr().out
    named = [one["sentence"] for one in json.loads(told)["findings"]] if form == "json" else told.splitlines()
    for number in range(1, LENGTH + MAX_FINDINGS + 11):
        assert any(f"Entry {number:,} was changed" in sentence for sentence in named), number


def test_entries_that_wait_are_counted_and_only_what_is_sealed_is_called_intact(chain, capsys, moved_to):
    record(actor=None, action="x.waits")
    with moved_to(timezone.now() + timedelta(hours=3)):
        call("verify_audit", "--no-record")
    *_, waits, last = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"[1-9]\d* entries wait for a seal, the oldest for 3 hours", waits)
    assert "what is sealed is intact" in last and "the record is intact" not in last


def test_where_nothing_was_ever_sealed_nothing_is_called_intact(capsys):
    record(actor=None, action="x.waits")
    waits = Unsealed.objects.count()
    with pytest.raises(SystemExit) as left:
        call("verify_audit")
    said, last = capsys.readouterr().out.splitlines()[-2:]
    assert left.value.code == 2 and "intact" not in last
    assert said.startswith(f"{waits} entries wait for a seal, the oldest for ") and last.startswith("0 entries, ")
    assert "nothing is proven: no entry was ever sealed" in last
    assert not ChainCheck.objects.exists() and not verify().intact


@pytest.mark.parametrize("option", ["--json", "--no-record"])
def test_a_broken_chain_ends_with_exit_code_1_whatever_the_form(chain, owner_cursor, option):
    remove(owner_cursor, 4)
    with pytest.raises(SystemExit) as left:
        call("verify_audit", option)
    assert left.value.code == 1


def test_the_answer_for_machines(chain, owner_cursor, capsys):
    call("verify_audit", "--json")
    said = json.loads(capsys.readouterr().out)
    changed = AuditEvent.objects.filter(operation__in="UD").count()
    assert sum(count for _, _, count in said.pop("hands")) == changed
    assert said == {
        "entries": LENGTH, "rows": rows_of(chain), "intact": True, "breaks": 0, "erased": {}, "late": {}, "anew": [],
        "waiting": 0, "oldest_waits_seconds": 0,
        "foreign_stamps": [], "findings": []}  # fmt: skip


def test_nothing_is_kept_when_so_asked(chain):
    call("verify_audit", "--no-record")
    assert not ChainCheck.objects.exists()
    assert not ChainHead.objects.exists()


def test_a_head_kept_in_a_file_finds_a_cut_end(chain, owner_cursor, tmp_path, capsys):
    kept = tmp_path / "heads"
    call("audit_head", to=str(kept))
    owner_cursor.execute("DELETE FROM audit_chainhead")
    cut(owner_cursor, LENGTH - 3)
    owner_cursor.execute(
        "DELETE FROM audit_conduct WHERE id IN (SELECT id FROM audit_conduct ORDER BY id DESC LIMIT 3)"
    )
    call("verify_audit", "--no-record")
    capsys.readouterr()
    with pytest.raises(SystemExit):
        call("verify_audit", head_file=str(kept))
    assert "the end was cut" in capsys.readouterr().out


def test_a_head_given_by_hand_finds_a_cut_end(chain, owner_cursor):
    cut(owner_cursor, LENGTH - 3)
    with pytest.raises(SystemExit):
        call("verify_audit", head=[f"{LENGTH}:{chain[-1].hash}"])


def test_the_head_is_printed_and_nothing_is_kept_without_a_place(chain, capsys):
    call("audit_head")
    assert capsys.readouterr().out == f"{LENGTH}:{chain[-1].hash}\n"
    assert not ChainHead.objects.exists()


def test_the_head_is_appended_to_its_file_and_noted(chain, tmp_path):
    kept = tmp_path / "heads"
    kept.write_text("1:earlier\n")
    call("audit_head", to=str(kept))
    first, second = kept.read_text().splitlines()
    assert first == "1:earlier"
    assert second.split()[0] == f"{LENGTH}:{chain[-1].hash}"
    noted = ChainHead.objects.get()
    assert (noted.number, noted.hash, noted.kept_at) == (LENGTH, chain[-1].hash, str(kept))


def test_an_empty_chain_has_no_head(db, capsys):
    call("audit_head")
    assert capsys.readouterr().out == "The chain is empty.\n"


@pytest.mark.parametrize("head", ["", "5", "x:" + "0" * 64, "5:short", "-5:" + "0" * 64])
def test_what_is_no_head_is_refused(db, head):
    with pytest.raises(CommandError, match="is no head"):
        call("verify_audit", head=[head])
    assert not ChainCheck.objects.exists()


def test_a_file_that_is_not_there_is_told(db, tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call("verify_audit", head_file=str(tmp_path / "nothing"))


def test_another_role_verifies_and_leaves_the_keeping_to_the_sealer(chain, capsys):
    call_command("verify_audit")
    assert "the record is intact" in capsys.readouterr().out
    assert not ChainCheck.objects.exists()
    assert CheckRequest.objects.count() == 1


def test_the_sealer_seals_and_makes_the_checks_asked_for(chain, auditor, capsys):
    record(actor=auditor, action="audit.viewed")
    asked = ask_for_check(requested_by=auditor)
    call("seal_audit", "--once")
    assert capsys.readouterr().out == "2 entries sealed, 1 checks made\n"
    assert (asked.done_by.result, asked.done_by.entries, asked.done_by.started_by) == ("intact", LENGTH + 2, auditor)


def test_nobody_else_seals(chain):
    with pytest.raises(CommandError, match="sealed as ecpd_sealer, not as ecpd_app: set DATABASE_SEALER_URL"):
        call_command("seal_audit", "--once")
