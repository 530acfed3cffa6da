"""What somebody outside finds in an export, without ECPD: the same that verify_audit finds in the database."""

import gzip
import json
import re
from pathlib import Path

import pytest

from ecpd.audit.models import AuditEvent
from ecpd.audit.services import record
from ecpd.audit.stamping import stamp_head
from ecpd.audit.verification import verify
from ecpd.embedded.authority import prepare
from ecpd.policy.models import Decision
from leads.models import Candidate, Corroboration, CorroborationVerification, Examination
from tests.audit import tampering
from tests.audit.bundles import exported, lines_of, rewritten, verdict
from tests.audit.conftest import LENGTH
from tests.audit.stamps import needs_openssl
from tests.audit.tampering import written_late
from tests.factories import parking
from tests.parking.pages.busy_citations import cited, violation
from tests.parking.pages.town import Town
from tests.parking.permits.making import area
from tests.sealing import as_role, seal

pytestmark = pytest.mark.django_db


def stamp() -> None:
    """Stamp the head, as the sealer."""
    with as_role("ecpd_sealer"):
        stamp_head()


def found_by_both(folder, kind: str, *options: str) -> None:
    """Both name this kind."""
    inside = verify()
    outside = verdict(exported(folder), *options)
    assert kind in {finding.kind for finding in inside.findings}, inside.findings
    assert (kind in outside.kinds, outside.code) == (True, 1), outside.said
    assert {finding.kind for finding in inside.findings} == outside.kinds, outside.said
    sentences = {finding.sentence.partition(" does not hold")[0] for finding in inside.findings if finding.kind == kind}
    assert any(sentence in outside.said for sentence in sentences), (sentences, outside.said)


def test_an_export_that_nobody_touched_is_in_order(chain, tmp_path):
    seen = verdict(exported(tmp_path))
    assert (seen.code, seen.kinds) == (0, set()), seen.said
    assert f"Entries 1 to {LENGTH} are whole" in seen.said
    assert "Nothing outside the department holds this chain" in seen.said


@pytest.mark.parametrize("number", [1, 5, LENGTH])
def test_a_changed_entry(chain, owner_cursor, tmp_path, number):
    tampering.change(owner_cursor, number, "actor_label", "Somebody else")
    found_by_both(tmp_path, "changed")


@pytest.mark.parametrize("numbers", [(5,), (4, 5, 6)])
def test_a_deleted_middle(chain, owner_cursor, tmp_path, numbers):
    tampering.remove(owner_cursor, *numbers)
    found_by_both(tmp_path, "missing")


def test_an_entry_deleted_under_its_seal(chain, owner_cursor, tmp_path):
    owner_cursor.execute("DELETE FROM audit_auditevent WHERE id = %s", [chain[4].pk])
    found_by_both(tmp_path, "missing")


def test_a_deleted_tail(chain, owner_cursor, tmp_path):
    owner_cursor.execute("INSERT INTO audit_chainhead (noted_at, number, hash, kept_at) VALUES (now(), %s, %s, 'here')",
                         [LENGTH, chain[-1].hash])  # fmt: skip
    tampering.cut(owner_cursor, LENGTH - 3)
    found_by_both(tmp_path, "cut")


def test_a_deleted_tail_that_only_the_reader_can_know_of(chain, owner_cursor, tmp_path):
    keys = [entry.row_id for entry in chain[-3:]]
    tampering.cut(owner_cursor, LENGTH - 3)
    owner_cursor.execute("DELETE FROM audit_conduct WHERE id = ANY(%s)", [[int(key) for key in keys]])
    path = exported(tmp_path)
    assert verdict(path).code == 0
    seen = verdict(path, "--head", f"{LENGTH}:{chain[-1].hash}")
    assert (seen.code, seen.kinds) == (1, {"cut"})


def test_an_inserted_entry(chain, owner_cursor, tmp_path):
    tampering.copy_of(owner_cursor, 4, LENGTH + 1)
    tampering.move(owner_cursor, LENGTH + 1, 0)
    found_by_both(tmp_path, "inserted")


def test_an_entry_that_never_waited(chain, owner_cursor, tmp_path):
    owner_cursor.execute("INSERT INTO audit_auditevent (format, at, actor_label, action, subject_type, subject_id, "
                         "subject_label, case_number, detail, table_name, row_id, operation, digest, session_name, "
                         "application) VALUES (2, now(), 'x', 'x', '', '', '', '', '{}', '', '', 'I', '', '', '')")  # fmt: skip
    found_by_both(tmp_path, "inserted")


def test_two_entries_in_each_others_place(chain, owner_cursor, tmp_path):
    tampering.swap(owner_cursor, 4, 6)
    found_by_both(tmp_path, "changed")


def test_an_entry_moved_with_a_seal_that_fits(chain, owner_cursor, tmp_path):
    tampering.swap(owner_cursor, 4, 6)
    for number in (4, 6):
        tampering.seal_again(owner_cursor, number)
    found_by_both(tmp_path, "reordered")


def test_an_entry_dated_back_and_all_sealed_again(chain, owner_cursor, tmp_path):
    tampering.change(owner_cursor, 6, "at", "2020-01-01T00:00:00Z")
    tampering.seal_again(owner_cursor, 6)
    tampering.seal_all_again(owner_cursor, 7)
    found_by_both(tmp_path, "backdated")


def test_an_entry_of_a_transaction_that_lasted_for_hours(chain, owner_cursor, tmp_path):
    written_late(owner_cursor, chain, txid=7)
    seen = verdict(exported(tmp_path))
    assert (seen.code, seen.kinds, verify([]).findings) == (0, set(), []), seen.said
    assert "1 entries were sealed more than an hour after they were written" in seen.said


def test_an_entry_under_an_old_key_of_a_transaction_that_began_later(chain, owner_cursor, tmp_path):
    written_late(owner_cursor, chain, txid=1_000_000)
    found_by_both(tmp_path, "backdated")


def test_rows_without_a_chain(chain, owner_cursor, tmp_path):
    for table in ("audit_auditevent", "audit_chainseal", "audit_unsealed"):
        owner_cursor.execute(f"DELETE FROM {table}")
    found_by_both(tmp_path, "empty")


@needs_openssl
def test_a_rewritten_chain_does_not_reach_its_stamp(chain, authority, owner_cursor, tmp_path):
    stamp()
    seen = verdict(exported(tmp_path))
    assert (seen.code, seen.kinds) == (0, set()), seen.said
    assert f"Entry {LENGTH} was stamped" in seen.said
    assert "its time stamps prove nothing to you" in seen.said
    tampering.change(owner_cursor, 4, "actor_label", "Somebody else")
    tampering.seal_again(owner_cursor, 4)
    tampering.seal_all_again(owner_cursor, 5)
    found_by_both(tmp_path, "changed")


@needs_openssl
@pytest.mark.parametrize("column, value", [("number", 3), ("hash", "f" * 64), ("response", b"0"), ("certificates", ""),
                                           ("stamped_at", "2026-01-01T00:00:00Z")])  # fmt: skip
def test_a_stamp_of_something_else(chain, authority, owner_cursor, tmp_path, column, value):
    stamp()
    owner_cursor.execute(f"UPDATE audit_stamp SET {column} = %s", [value])
    found_by_both(tmp_path, "token")


@needs_openssl
def test_a_stamp_of_another_authority_than_the_readers(chain, authority, authority_keys, owner_cursor, tmp_path):
    stamp()
    owner_cursor.execute("UPDATE audit_stamp SET local = false, authority = 'https://stamps.example/'")
    path = exported(tmp_path)
    good = verdict(path, "--authority", str(authority_keys / "ca.pem"))
    assert (good.code, "Whether the certificates" in good.said) == (0, False), good.said
    assert "Whether the certificates in the file are the authority's" in verdict(path).said
    prepare(tmp_path / "other")
    bad = verdict(path, "--authority", str(tmp_path / "other" / "ca.pem"))
    assert (bad.code, bad.kinds) == (1, {"token"}), bad.said


@needs_openssl
def test_without_openssl_the_token_is_said_to_be_unchecked(chain, authority, tmp_path):
    stamp()
    seen = verdict(exported(tmp_path), environment={"PATH": str(tmp_path / "nothing")})
    assert seen.code == 0
    assert "Token not checked: 1 time stamps" in seen.said
    assert "Nothing outside the department holds this chain" in seen.said


@needs_openssl
def test_without_openssl_the_package_checks_the_token(chain, authority, authority_keys, owner_cursor, tmp_path):
    stamp()
    where = {"environment": {"PATH": str(tmp_path / "nothing")}, "alone": ("-I",)}
    seen = verdict(exported(tmp_path), "--authority", str(authority_keys / "ca.pem"), **where)
    assert (seen.code, f"Entry {LENGTH} was stamped" in seen.said) == (0, True), seen.said
    prepare(tmp_path / "other")
    bad = verdict(exported(tmp_path), "--authority", str(tmp_path / "other" / "ca.pem"), **where)
    assert (bad.code, bad.kinds) == (1, {"token"}), bad.said
    for column, value in [("number", 3), ("response", b"0"), ("certificates", "")]:
        owner_cursor.execute(f"UPDATE audit_stamp SET {column} = %s", [value])
        assert "token" in verdict(exported(tmp_path), **where).kinds, column


@needs_openssl
def test_who_writes_all_anew_and_stamps_it_again_is_given_away_by_the_time(chain, authority, owner_cursor, tmp_path):
    stamp()
    owner_cursor.execute("UPDATE audit_auditevent SET at = at - interval '40 days'")
    owner_cursor.execute("UPDATE audit_chainseal SET sealed_at = sealed_at - interval '40 days'")
    owner_cursor.execute("DELETE FROM audit_stamp")
    tampering.seal_again(owner_cursor, 1)
    tampering.seal_all_again(owner_cursor, 2)
    stamp()
    seen = verdict(exported(tmp_path))
    assert seen.kinds == set(), seen.said
    assert re.search(r"The longest time from a seal to the next time stamp is (39|40) days", seen.said)
    assert verdict(exported(tmp_path), "--head", f"{LENGTH}:{chain[-1].hash}").kinds == {"changed"}


@needs_openssl
def test_a_seal_younger_than_its_stamp_is_named(chain, authority, owner_cursor, tmp_path):
    stamp()
    owner_cursor.execute("UPDATE audit_chainseal SET sealed_at = sealed_at + interval '3 hours'")
    tampering.seal_again(owner_cursor, 1)
    tampering.seal_all_again(owner_cursor, 2)
    assert {"backdated", "changed"} >= verdict(exported(tmp_path)).kinds > set()


@needs_openssl
def test_between_two_stamps_nothing_was_changed(chain, authority, auditor, tmp_path):
    stamp()
    record(actor=auditor, action="audit.viewed")
    seal()
    stamp()
    said = verdict(exported(tmp_path)).said
    assert f"Between entry {LENGTH} and entry {LENGTH + 1} nothing was added, changed or taken out" in said


@needs_openssl
def test_what_came_after_the_last_stamp_and_how_long_a_stamp_took_is_told(
    chain, authority, auditor, owner_cursor, tmp_path
):
    stamp()
    owner_cursor.execute("SET session_replication_role = origin")
    record(actor=auditor, action="audit.viewed")
    owner_cursor.execute("SET session_replication_role = replica")
    seal()
    seen = verdict(exported(tmp_path))
    assert f"Entries {LENGTH + 1} to {LENGTH + 1} came after the last time stamp" in seen.said
    assert "The longest time from a seal to the next time stamp is" in seen.said


CHANGED = {
    Decision: ("outcome", "'denied'"),
    Candidate: ("match_score", "match_score - 1"),
    Examination: ("conclusion", "'exclude'"),
    CorroborationVerification: ("verified", "NOT verified"),
    Corroboration: ("ties_by", "'Something else'"),
}


@pytest.mark.parametrize("model", CHANGED, ids=lambda model: model.__name__)
def test_a_changed_row(world, owner_cursor, tmp_path, model):
    column, value = CHANGED[model]
    seal()
    assert verdict(exported(tmp_path)).code == 0
    row = model._base_manager.latest("pk")
    owner_cursor.execute(f"UPDATE {model._meta.db_table} SET {column} = {value} WHERE id = %s", [row.pk])
    found_by_both(tmp_path, "row changed")


def test_a_changed_citation(owner_cursor, tmp_path):
    owner_cursor.execute("SET session_replication_role = origin")
    agency = parking.agency()
    zones = parking.street(agency.manager)
    people = {name: getattr(agency, name) for name in ("manager", "officer", "captain", "chief")}
    made = cited(Town(people, agency, zones["east"], area(list(zones.values())), violation(agency.manager)))
    seal()
    assert verdict(exported(tmp_path)).code == 0
    owner_cursor.execute("SET session_replication_role = replica")
    owner_cursor.execute("UPDATE parking_citation SET plate = '9XXX999' WHERE id = %s", [made.pk])
    found_by_both(tmp_path, "row changed")


def test_a_row_deleted_and_a_row_slipped_in(world, owner_cursor, tmp_path):
    seal()
    gone = Examination._base_manager.latest("pk")
    owner_cursor.execute("DELETE FROM leads_examination WHERE id = %s", [gone.pk])
    found_by_both(tmp_path, "row missing")
    owner_cursor.execute(
        "UPDATE policy_decision SET id = id + 1000000 WHERE id = (SELECT max(id) FROM policy_decision)"
    )
    found_by_both(tmp_path, "row inserted")


def test_an_old_entrys_decision(owner_cursor, tmp_path):
    from ecpd.accounts.roles import Role
    from ecpd.policy import engine as policy
    from tests.audit.test_rows import old_entry
    from tests.factories.people import make_user

    owner_cursor.execute("SET session_replication_role = origin")
    decision = policy.authorize(make_user(Role.AUDITOR), "audit.verify")
    seal()
    owner_cursor.execute("SET session_replication_role = replica")
    Decision.objects.filter(pk=decision.pk).update(verdicts=[], parameters={})
    owner_cursor.execute("DELETE FROM audit_auditevent WHERE table_name = 'policy_decision'")
    owner_cursor.execute("SELECT ecpd_seal_found('policy_decision', true)")
    decision.refresh_from_db()
    number = old_entry(owner_cursor, decision)
    seal()
    sentence = f"Decision {decision.pk} was changed after entry {number:,} sealed it."
    assert sentence not in verdict(exported(tmp_path)).said
    Decision.objects.filter(pk=decision.pk).update(outcome="denied")
    assert sentence in verdict(exported(tmp_path)).said
    assert AuditEvent.objects.filter(format=1).exists()


def test_the_newest_rows_rest_on_entries_that_wait(chain, auditor, tmp_path):
    record(actor=auditor, action="audit.viewed")
    seen = verdict(exported(tmp_path))
    assert (seen.code, "1 entries wait for their seal, 1 rows rest on them alone" in seen.said) == (2, True), seen.said
    assert re.search(r"- .* \(audit_conduct\) rests on an entry that has no seal", seen.said), seen.said


def test_the_file_is_the_owners_alone_and_nothing_is_written_over(chain, tmp_path):
    path = exported(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    from ecpd.audit.bundle import write_bundle

    with pytest.raises(FileExistsError):
        write_bundle(path)
    assert verdict(path).code == 0
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


# A file that means harm


def lies(name):
    """Ways to change an export so that it says less, or cannot be believed."""

    def without(kind, count=1):
        def change(lines):
            taken = [line for line in lines if line["t"] == kind][:count]
            return [line for line in lines if line not in taken]

        return change

    def second(lines):
        [link] = [line for line in lines if line["t"] == "link"][4:5]
        link.clear()
        link.update(
            {
                "t": "link",
                "number": 5,
                "previous": "",
                "hash": "",
                "sealed_at": "2026-01-01T00:00:00.0",
                "withheld": True,
            }
        )

    return {
        "a row left out": (without("row"), 1, "row missing"),
        "the first entry left out": (without("link"), 1, "missing"),
        "the manifest left out": (without("manifest"), 2, ""),
        "an entry withheld from an export of everything": (second, 2, ""),
        "a row twice": (lambda lines: [*lines[:-1], next(line for line in lines if line["t"] == "row"), lines[-1]], 1,
                        "row inserted"),
        "a row of nowhere": (lambda lines: lines.insert(-1, {"t": "row", "table": "x", "id": "1", "row": "{}"}), 2, ""),
        "an elsewhere in an export of everything": (
            lambda lines: lines.insert(-1, {"t": "elsewhere", "table": "audit_conduct", "id": "1"}), 2, ""),
        "out of order": (lambda lines: [lines[0], *reversed(lines[1:-1]), lines[-1]], 2, ""),
        "an unknown line": (lambda lines: lines.insert(1, {"t": "main_line"}), 2, ""),
        "a wrong type": (lambda lines: lines[0].update(case=None), 2, ""),
        "a truth for a number": (lambda lines: lines[-2].update(number=True), 2, ""),
    }[name]  # fmt: skip


@pytest.mark.parametrize("name", [
    "a row left out", "the first entry left out", "the manifest left out", "a row twice", "a row of nowhere",
    "an entry withheld from an export of everything", "an elsewhere in an export of everything", "out of order",
    "an unknown line", "a wrong type", "a truth for a number",
])  # fmt: skip
def test_an_export_that_was_changed_is_not_called_whole(chain, tmp_path, name):
    change, code, kind = lies(name)
    seen = verdict(rewritten(exported(tmp_path), change))
    assert (seen.code, "RESULT: nothing wrong" in seen.said) == (code, False), seen.said
    assert not kind or kind in seen.kinds


def test_lines_taken_off_the_end_are_missed(chain, tmp_path):
    path = rewritten(exported(tmp_path), lambda lines: [*lines[:-3], lines[-1]], count=False)
    assert (verdict(path).code, "cut short" in verdict(path).said) == (2, True)


RAW = {
    "no gzip": b"{}",
    "nothing": b"",
    "half of it": None,
    "no JSON": gzip.compress(b"hello\n"),
    "names twice": gzip.compress(b'{"t":"manifest","t":"manifest"}\n'),
    "a list": gzip.compress(b"[1]\n"),
    "a list for a kind": gzip.compress(b'{"t":[]}\n'),
    "deep": gzip.compress(b'{"t":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n"),
    "a bomb": gzip.compress(b"0" * 40_000_000),
    "many lines": gzip.compress(
        b'{"t":"manifest","format":1,"product":"ECPD","made_at":"","case":""}\n'
        + b'{"t":"table","name":"x","label":"x","refused":""}\n' * 3_000_000, 9),
    "a giant number": gzip.compress(b'{"t":"manifest","format":1' + b"0" * 100_000 + b"}\n"),
    "no number": gzip.compress(b'{"t":"manifest","format":NaN}\n'),
    "half a character": gzip.compress(
        b'{"t":"manifest","format":1,"product":"ECPD","made_at":"","case":""}\n{"t":"table","name":"\\ud800",'
        b'"label":"x","refused":""}\n{"t":"row","table":"\\ud800","id":"1","row":"{}"}\n'),
    "letters of no alphabet": gzip.compress(b'{"t":"\xff"}\n'),
}  # fmt: skip


@pytest.mark.parametrize("name", RAW)
def test_a_file_that_is_no_export_is_refused_in_words(chain, tmp_path, name):
    path = tmp_path / "hostile"
    path.write_bytes(RAW[name] if RAW[name] is not None else exported(tmp_path).read_bytes()[:-200])
    seen = verdict(path)
    assert (seen.code, "RESULT: the file cannot be used" in seen.said) == (2, True), seen.said


def test_a_file_that_is_not_there(tmp_path):
    assert verdict(tmp_path / "nothing").code == 2


def test_what_would_steer_a_terminal_is_not_printed(chain, tmp_path):
    def change(lines):
        lines[0]["made_at"] = "\x1b[2J" + "2026"

    assert "\x1b" not in verdict(rewritten(exported(tmp_path), change)).said


def test_a_seal_whose_entry_says_another_row_is_named(chain, tmp_path):
    def change(lines):
        link = [line for line in lines if line["t"] == "link"][-1]
        entry = json.loads(link["entry"])
        link["entry"] = json.dumps(entry | {"digest": "0" * 64})

    assert verdict(rewritten(exported(tmp_path), change)).kinds == {"changed", "row changed"}


def test_it_runs_with_an_old_python(chain, tmp_path):
    import shutil

    beside = Path.home().glob(".pyenv/versions/3.8*/bin/python3.8")
    old = [shutil.which("python3.8", path="/usr/bin:/usr/local/bin"), *map(str, beside)]
    if not any(old):
        pytest.skip("there is no Python 3.8 here")
    assert verdict(exported(tmp_path), python=next(filter(None, old))).code == 0


def test_every_line_is_one_that_the_page_describes(chain, tmp_path):
    assert {line["t"] for line in lines_of(exported(tmp_path))} >= {"manifest", "table", "shape", "link", "row", "end"}
