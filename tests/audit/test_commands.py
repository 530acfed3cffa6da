"""The shell's way to verify: exit code 1 when the chain is broken, and a head kept elsewhere."""

import json

import pytest
from django.core.management import CommandError, call_command

from ecpd.audit.models import ChainCheck, ChainHead
from tests.audit.conftest import LENGTH

pytestmark = pytest.mark.django_db


def cut(cursor) -> None:
    """Take the last three entries away."""
    cursor.execute("DELETE FROM audit_auditevent WHERE number > %s", [LENGTH - 3])


def test_an_intact_chain_is_told_and_kept(chain, capsys):
    call_command("verify_audit")
    assert capsys.readouterr().out.startswith(f"{LENGTH} entries, the chain is intact, ")
    assert ChainCheck.objects.get().result == "intact"


def test_a_broken_chain_ends_with_exit_code_1_and_names_the_entry(chain, owner_cursor, capsys):
    owner_cursor.execute("UPDATE audit_auditevent SET action = 'x' WHERE number = 4")
    with pytest.raises(SystemExit) as left:
        call_command("verify_audit")
    assert left.value.code == 1
    assert "changed: Entry 4 was changed after it was written." in capsys.readouterr().out
    assert ChainCheck.objects.get().result == "broken"


@pytest.mark.parametrize("option", ["--json", "--no-record"])
def test_a_broken_chain_ends_with_exit_code_1_whatever_the_form(chain, owner_cursor, option):
    owner_cursor.execute("DELETE FROM audit_auditevent WHERE number = 4")
    with pytest.raises(SystemExit) as left:
        call_command("verify_audit", option)
    assert left.value.code == 1


def test_the_answer_for_machines(chain, owner_cursor, capsys):
    call_command("verify_audit", "--json")
    assert json.loads(capsys.readouterr().out) == {"entries": LENGTH, "intact": True, "findings": []}


def test_nothing_is_kept_when_so_asked(chain):
    call_command("verify_audit", "--no-record")
    assert not ChainCheck.objects.exists()
    assert not ChainHead.objects.exists()


def test_a_head_kept_in_a_file_finds_a_cut_end(chain, owner_cursor, tmp_path, capsys):
    kept = tmp_path / "heads"
    call_command("audit_head", to=str(kept))
    owner_cursor.execute("DELETE FROM audit_chainhead")
    cut(owner_cursor)
    call_command("verify_audit", "--no-record")
    capsys.readouterr()
    with pytest.raises(SystemExit):
        call_command("verify_audit", head_file=str(kept))
    assert "the end was cut" in capsys.readouterr().out


def test_a_head_given_by_hand_finds_a_cut_end(chain, owner_cursor):
    cut(owner_cursor)
    with pytest.raises(SystemExit):
        call_command("verify_audit", head=[f"{LENGTH}:{chain[-1].hash}"])


def test_the_head_is_printed_and_nothing_is_kept_without_a_place(chain, capsys):
    call_command("audit_head")
    assert capsys.readouterr().out == f"{LENGTH}:{chain[-1].hash}\n"
    assert not ChainHead.objects.exists()


def test_the_head_is_appended_to_its_file_and_noted(chain, tmp_path):
    kept = tmp_path / "heads"
    kept.write_text("1:earlier\n")
    call_command("audit_head", to=str(kept))
    first, second = kept.read_text().splitlines()
    assert first == "1:earlier"
    assert second.split()[0] == f"{LENGTH}:{chain[-1].hash}"
    noted = ChainHead.objects.get()
    assert (noted.number, noted.hash, noted.kept_at) == (LENGTH, chain[-1].hash, str(kept))


def test_an_empty_chain_has_no_head(db, capsys):
    call_command("audit_head")
    assert capsys.readouterr().out == "The chain is empty.\n"


@pytest.mark.parametrize("head", ["", "5", "x:" + "0" * 64, "5:short", "-5:" + "0" * 64])
def test_what_is_no_head_is_refused(db, head):
    with pytest.raises(CommandError, match="is no head"):
        call_command("verify_audit", head=[head])
    assert not ChainCheck.objects.exists()


def test_a_file_that_is_not_there_is_told(db, tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_audit", head_file=str(tmp_path / "nothing"))
