"""The export of one case shows that case, proves the chain, and holds nothing of another; who may export (AC-08)."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from cases.models import Case, CaseNote, Evidence
from ecpd.audit.bundle import write_bundle
from ecpd.audit.matters import paths, rows_of
from ecpd.audit.models import Conduct
from ecpd.audit.sealed import sealed_models
from leads.models import Candidate, Corroboration, Lead
from tests.audit import tampering
from tests.audit.bundles import SCRIPT, exported, lines_of, rewritten, verdict
from tests.audit.conftest import a_world
from tests.factories import leads as make
from tests.sealing import as_role, seal
from tests.story import copy_of, settle

pytestmark = pytest.mark.django_db
SECRET = "Only the other case knows of the blue ladder."


@pytest.fixture(scope="module")
def begun(kept) -> tuple[make.Agency, Case]:
    """Two cases of one department, each with a lead."""
    people, other = a_world(), make.marked_lead(make.agency())
    make.allowed_on(other.case.opened_by, "case.contribute", other.case)
    CaseNote.objects.create(case=other.case, author=other.case.opened_by, text=SECRET)
    seal()
    settle()  # nothing waits that tampering breaks
    return people, other.case


@pytest.fixture
def world(begun) -> make.Agency:
    """Who works on the first."""
    return copy_of(begun[0])


@pytest.fixture
def two(begun, world) -> tuple[Case, Case]:
    """Both cases, and the sealer was at work just now."""
    seal()
    return world.case, copy_of(begun[1])


def test_one_case_is_shown_and_the_chain_is_proven_over_the_others(two, tmp_path):
    mine, _ = two
    path = exported(tmp_path, case=mine.case_number)
    seen = verdict(path)
    assert (seen.code, seen.kinds) == (0, set()), seen.said
    assert "of other matters stand in the chain by their digest" in seen.said
    assert "Whether one of the" in seen.said
    shown = {(line["table"], line["id"]) for line in lines_of(path) if line["t"] == "row"}
    for model in (Evidence, Lead):
        keys = model._base_manager.filter(case=mine).values_list("pk", flat=True)
        assert {(model._meta.db_table, str(key)) for key in keys} <= shown
    assert ("cases_case", str(mine.pk)) in shown


def test_nothing_of_another_case_is_in_it(two, tmp_path):
    mine, other = two
    path = exported(tmp_path, case=mine.case_number)
    text = "\n".join(map(str, lines_of(path)))
    assert SECRET not in text
    assert other.case_number not in text
    names = {line["table"]: set() for line in lines_of(path) if line["t"] == "row"}
    for line in lines_of(path):
        if line["t"] == "row":
            names[line["table"]].add(line["id"])
    theirs = rows_of(other.case_number)
    shared = {table: names[table] & keys for table, keys in theirs.items() if table in names and names[table] & keys}
    assert shared.keys() <= {"cases_storedfile"}  # a file's digest and size; two cases may hold the same picture
    everything = "\n".join(map(str, lines_of(exported(tmp_path))))
    assert SECRET in everything


def test_an_entry_that_is_not_shown_cannot_be_exchanged(two, tmp_path):
    def change(lines):
        hidden = [line for line in lines if "entry_digest" in line]
        hidden[3]["entry_digest"] = "0" * 64

    assert verdict(rewritten(exported(tmp_path, case=two[0].case_number), change)).kinds == {"changed"}


@pytest.mark.parametrize("model", [Evidence, Candidate, Corroboration], ids=lambda model: model.__name__)
def test_a_row_of_the_case_that_was_deleted_is_missed(two, owner_cursor, tmp_path, model):
    key = rows_of(two[0].case_number)[model._meta.db_table].pop()
    owner_cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE id = %s", [key])
    seen = verdict(exported(tmp_path, case=two[0].case_number))
    assert (seen.code, "row missing" in seen.kinds) == (1, True), seen.said


def test_a_row_of_the_case_that_was_changed_or_slipped_in_is_named(two, owner_cursor, tmp_path):
    owner_cursor.execute("UPDATE leads_candidate SET match_score = match_score - 1 WHERE search_id IN "
                         "(SELECT id FROM leads_searchrequest WHERE case_id = %s)", [two[0].pk])  # fmt: skip
    assert verdict(exported(tmp_path, case=two[0].case_number)).kinds == {"row changed"}
    owner_cursor.execute("UPDATE cases_evidence SET id = id + 1000000 WHERE id = "
                         "(SELECT min(id) FROM cases_evidence WHERE case_id = %s)", [two[0].pk])  # fmt: skip
    assert {"row inserted", "row missing"} <= verdict(exported(tmp_path, case=two[0].case_number)).kinds


def test_entries_from_before_there_were_salts_are_said_to_be_unproven(two, owner_cursor, tmp_path, monkeypatch):
    owner_cursor.execute("UPDATE audit_chainseal SET salt = '' WHERE number <= 5")
    owner_cursor.execute("SELECT max(number) FROM audit_chainseal")
    monkeypatch.setattr(tampering, "LENGTH", owner_cursor.fetchone()[0])
    tampering.seal_again(owner_cursor, 1)
    tampering.seal_all_again(owner_cursor, 2)
    assert verdict(exported(tmp_path)).code == 0
    seen = verdict(exported(tmp_path, case=two[0].case_number))
    assert (seen.code, seen.kinds) == (2, set()), seen.said
    assert "a part of the chain cannot be proven from this file" in seen.said
    assert "Entries 1 to" not in seen.said
    assert verdict(exported(tmp_path, case=two[1].case_number)).code == 2


def test_what_a_case_row_is_reached_by_is_found_along_the_keys():
    reached = {model._meta.label: way for model, way in paths().items()}
    assert reached["cases.CaseNote"] == "case__case_number"
    assert reached["leads.Candidate"] == "search__case__case_number"
    assert reached["leads.CorroborationVerification"] == "corroboration__evidence__case__case_number"
    assert reached["policy.Decision"] == reached["audit.Conduct"] == reached["cases.Case"] == "case_number"
    with_case = {m._meta.label for m in sealed_models() if any(f.name == "case" for f in m._meta.concrete_fields)}
    assert with_case <= reached.keys()
    assert not [label for label in reached if label.startswith(("parking.", "accounts."))]


@pytest.fixture(autouse=True)
def sealer_at_work(monkeypatch) -> None:
    """Whoever waits for a seal gets it."""
    monkeypatch.setattr("ecpd.audit.sealer.sleep", lambda seconds: seal())


def export(capsys, **options) -> str:
    """`manage.py export_audit` as the application's role."""
    call_command("export_audit", **options)
    return capsys.readouterr().out


def test_an_auditor_exports_and_it_is_on_the_record(two, world, tmp_path, capsys):
    said = export(capsys, to=tmp_path / "file", case=two[0].case_number, by=world.auditor.username)
    made = Conduct.objects.latest("pk")
    assert (made.actor, made.action, made.case_number) == (world.auditor, "audit.exported", two[0].case_number)
    assert verdict(tmp_path / "file").code == 0
    import hashlib

    assert hashlib.sha256(SCRIPT.read_bytes()).hexdigest() in said
    assert hashlib.sha256((tmp_path / "file").read_bytes()).hexdigest() in said
    assert "not anchored outside" in said


@pytest.mark.parametrize("who", ["okafor", "marsh", "chief", "administrator"])
def test_nobody_else_exports(world, tmp_path, capsys, who):
    with pytest.raises(CommandError):
        export(capsys, to=tmp_path / "file", by=getattr(world, who).username)
    assert not list(tmp_path.iterdir())


def test_without_a_name_it_is_the_owner_or_nobody(world, tmp_path, capsys):
    with pytest.raises(CommandError, match="--by"):
        export(capsys, to=tmp_path / "file")
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user")
        owner = cursor.fetchone()[0]
    with as_role(owner):
        export(capsys, to=tmp_path / "file")
    made = Conduct.objects.latest("pk")
    assert (made.actor, made.actor_label, made.action) == (None, "Owner of the database", "audit.exported")


def test_without_a_sealer_the_export_is_not_kept_waiting_and_not_proven(two, world, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("ecpd.audit.sealer.sleep", lambda seconds: pytest.fail("nobody seals"))
    monkeypatch.setattr("ecpd.audit.management.commands.export_audit.LONGEST_WAIT", 0)
    export(capsys, to=tmp_path / "file", case=two[0].case_number, by=world.auditor.username)
    seen = verdict(tmp_path / "file")
    assert (seen.code, seen.kinds) == (2, set()), seen.said
    assert "(audit_conduct) rests on an entry that has no seal" in seen.said


def test_what_cannot_be_exported_is_said(world, tmp_path, capsys):
    by = world.auditor.username
    (tmp_path / "there").write_text("mine")
    for options, words in [
        ({"to": tmp_path / "there", "by": by}, "is there already"),
        ({"to": tmp_path / "no" / "file", "by": by}, "There is no folder"),
        ({"to": tmp_path / "file", "by": by, "case": "26-999999"}, "no case 26-999999"),
        ({"to": tmp_path / "file", "by": "nobody"}, "no account named nobody"),
    ]:
        with pytest.raises(CommandError, match=words):
            export(capsys, **options)
    assert (tmp_path / "there").read_text() == "mine"


def test_an_export_that_breaks_leaves_no_half_a_file(world, tmp_path, monkeypatch):
    def breaks(case):
        yield {"t": "manifest"}
        raise OSError("full")

    monkeypatch.setattr("ecpd.audit.bundle.lines", breaks)
    with pytest.raises(OSError, match="full"):
        write_bundle(tmp_path / "file")
    assert not list(tmp_path.iterdir())


def test_no_password_hash_and_no_template_is_in_it(world, tmp_path):
    text = "\n".join(map(str, lines_of(exported(tmp_path))))
    assert world.okafor.password not in text
    assert not re.search(r"md5\$|argon2", text)
