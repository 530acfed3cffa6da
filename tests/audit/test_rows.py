"""AU-01: a row is what its newest entry says, in every sealed table; whatever was changed outside is named."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import DataError, IntegrityError, connection, models, transaction

from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from ecpd.audit.canonical import OLD_EVENT_SQL, old_seal
from ecpd.audit.findings import Findings, silent, snapshot
from ecpd.audit.histories import walk_histories
from ecpd.audit.models import AuditEvent, ChainSeal
from ecpd.audit.oldseals import old_digest
from ecpd.audit.records import Ledger, Record
from ecpd.audit.rowwalk import walk_rows
from ecpd.audit.sealed import NAME, seal_of, sealed_models
from ecpd.audit.verification import verify
from ecpd.policy import engine as policy
from ecpd.policy.models import Decision
from leads.models import Candidate, FaceVector
from tests.factories import leads as make
from tests.factories.people import make_user
from tests.sealing import check, seal

pytestmark = pytest.mark.django_db
OTHER = {
    models.CharField: "{0} || 'x'",
    models.TextField: "{0} || 'x'",
    models.BooleanField: "NOT {0}",
    models.JSONField: "'[1.50]'",
    models.DateTimeField: "{0} - interval '1 microsecond'",
    models.DateField: "{0} - 1",
    models.GenericIPAddressField: "inet '10.9.9.9'",
    models.UUIDField: "gen_random_uuid()",
    ArrayField: "array_append({0}, 'X')",
}


def breaks(model: Any = None) -> list[tuple[str, str]]:
    """Kind and sentence of each break among the rows."""
    findings = Findings()
    with snapshot():
        walk_rows(findings, silent, only=model)
        walk_histories(findings, only=model)
    return [(finding.kind, finding.sentence) for finding in findings.kept]


def name(model: Any, key: Any) -> str:
    """How a sentence begins that is about this row."""
    words = str(model._meta.verbose_name)
    return f"{words[:1].upper()}{words[1:]} {key} ({model._meta.db_table})"


def test_every_record_is_sealed_or_says_why_not():
    kept = [model for model in apps.get_models() if issubclass(model, Record | Ledger)]
    assert len(kept) > 80
    assert [model for model in kept if not seal_of(model) and len(model.unsealed_because) < 20] == []
    assert [model for model in kept if seal_of(model) and model.unsealed_because] == []


def test_every_sealed_table_has_its_trigger():
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'pgtrigger\\_{NAME}\\_%'")
        assert sorted(table for (table,) in cursor.fetchall()) == [model._meta.db_table for model in sealed_models()]


def test_what_a_seal_leaves_out_is_listed_here():
    """Each is renewed by the system at every turn and says only that something is alive or how far it is."""
    assert {model._meta.db_table: seal_of(model).left_out for model in sealed_models() if seal_of(model).left_out} == {
        "accounts_apitoken": ("last_used_at", "last_used_from"),
        "accounts_user": ("last_login",),
        "cases_case": ("last_event_at",),
        "leads_importbatch": ("heartbeat_at", "imported", "duplicates", "rejected"),
        "leads_searchrequest": ("heartbeat_at",),
        "mfa_authenticator": ("last_used_at",),
        "parking_device": ("last_seen_at", "skew_seconds"),
    }


def changes(model: Any) -> list[tuple[str, str]]:
    """For each sealed column, SQL for another value of its type."""
    found = []
    for field in model._meta.concrete_fields:
        if field.primary_key or field.column in seal_of(model).left_out:
            continue
        other = next((sql for kind, sql in OTHER.items() if isinstance(field, kind)), "{0} + 1")
        if isinstance(field, models.ForeignKey) and isinstance(field.target_field, models.CharField):
            other = OTHER[models.CharField]
        if field.column in {"embedding", "probe_embedding"}:
            other = "NULL"
        if field.choices and isinstance(field, models.CharField):
            values = ", ".join(f"('{value}')" for value, _ in field.flatchoices)
            other = f"(SELECT v FROM (VALUES {values}) o (v) WHERE v <> {{0}} LIMIT 1)"
        found.append((field.column, other.format(field.column)))
    return found


def changed(cursor: Any, model: Any, column: str, other: str, key: Any) -> bool:
    """Whether another value went in; a CHECK or an empty column may forbid it."""
    table, where = model._meta.db_table, model._meta.pk.column
    sql = f'UPDATE {table} SET "{column}" = {other} WHERE {where} = %s AND "{column}" IS DISTINCT FROM {other}'
    try:
        with transaction.atomic():
            cursor.execute(sql, [key])
            return cursor.rowcount == 1
    except (IntegrityError, DataError):
        return False


def test_any_column_of_any_row_that_was_changed_is_named(world, owner_cursor):
    tried: dict[str, list[str]] = {}
    for model in sealed_models():
        row = model._base_manager.order_by("pk").values().first()
        for column, other in changes(model) if row else ():
            tried.setdefault(model._meta.db_table, [])
            with transaction.atomic():
                if changed(owner_cursor, model, column, other, row[model._meta.pk.attname]):
                    [(kind, sentence)] = breaks(model)
                    assert kind == "row changed", (model, column)
                    assert sentence.startswith(name(model, row[model._meta.pk.attname])), (model, column)
                    tried[model._meta.db_table].append(column)
                transaction.set_rollback(True)
    assert [table for table, columns in tried.items() if not columns] == []
    assert len(tried) > 20
    assert sum(map(len, tried.values())) > 120
    assert breaks() == []


def test_a_row_that_is_gone_and_one_that_was_slipped_in_are_named(world, owner_cursor):
    key = Candidate.objects.get().pk
    with transaction.atomic():
        owner_cursor.execute("UPDATE leads_candidate SET id = 4711 WHERE id = %s", [key])
        found = sorted(breaks(Candidate))
        transaction.set_rollback(True)
    assert found == [
        ("row inserted", f"{name(Candidate, 4711)} has no entry in the chain: it was slipped in."),
        ("row missing", f"{name(Candidate, key)} is gone; its last entry has key {of(Candidate, key).pk:,}."),
    ]


def of(model: Any, key: Any) -> AuditEvent:
    """The newest entry of a row."""
    return AuditEvent.objects.filter(table_name=model._meta.db_table, row_id=str(key)).first()


def test_what_the_owner_changes_with_the_seal_awake_is_an_entry_that_a_ledger_must_not_have(world, owner_cursor):
    owner_cursor.execute(
        "SET CONSTRAINTS ALL IMMEDIATE; SET session_replication_role = origin;"
        "SELECT tgname FROM pg_trigger WHERE tgrelid = 'leads_candidate'::regclass AND tgname LIKE '%au_01_append_only%'"
    )
    owner_cursor.nextset()
    owner_cursor.nextset()
    [trigger] = owner_cursor.fetchone()
    owner_cursor.execute(f"ALTER TABLE leads_candidate DISABLE TRIGGER {trigger}")
    owner_cursor.execute("UPDATE leads_candidate SET match_score = 99.9")
    [(kind, sentence)] = breaks(Candidate)
    assert (kind, "was changed, which nobody may do" in sentence) == ("row changed", True)


def test_a_template_stands_in_the_chain_by_its_hash(world):
    vector = Candidate.objects.get().face.vector
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT encode(sha256(convert_to(jsonb_build_object('face_id', face_id, 'model_id', model_id, 'source_id', "
            "source_id, 'active', active, 'erased_under_id', null, 'embedding', encode(sha256(convert_to(embedding::text, "
            "'UTF8')), 'hex'))::text, 'UTF8')), 'hex') FROM leads_facevector"
        )
        assert cursor.fetchone() == (of(FaceVector, vector.pk).digest,)


def test_what_only_says_that_somebody_is_alive_makes_no_entry(world):
    before = AuditEvent.objects.count()
    User.objects.update(last_login="2026-01-01T00:00Z")
    User.objects.update(rank=models.F("rank"))
    assert AuditEvent.objects.count() == before
    User.objects.filter(pk=world.okafor.pk).update(rank="Sgt.")
    newest = AuditEvent.objects.first()
    assert (newest.action, newest.subject_id) == ("record.changed", str(world.okafor.pk))


def test_a_column_that_comes_later_breaks_no_seal_and_is_sealed_from_then_on(world, owner_cursor):
    owner_cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    owner_cursor.execute("ALTER TABLE leads_candidate ADD COLUMN later integer DEFAULT 7")
    assert breaks(Candidate) == []
    owner_cursor.execute("UPDATE leads_candidate SET later = 8")
    assert breaks(Candidate) == []
    owner_cursor.execute("SELECT ecpd_seal_found('leads_candidate', true)")
    assert breaks(Candidate) == []
    owner_cursor.execute("UPDATE leads_candidate SET later = 9")
    assert [kind for kind, _ in breaks(Candidate)] == ["row changed"]


def test_a_column_that_goes_is_named_until_the_rows_are_sealed_again(world, owner_cursor):
    owner_cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    owner_cursor.execute("ALTER TABLE leads_candidate DROP COLUMN standout")
    assert [kind for kind, _ in breaks(Candidate)] == ["row unreadable"]
    owner_cursor.execute("SELECT ecpd_seal_found('leads_candidate', true)")
    assert breaks(Candidate) == []


def test_the_first_seal_covers_what_has_none_and_nothing_else(world, owner_cursor):
    owner_cursor.execute(
        "DELETE FROM audit_unsealed; DELETE FROM audit_auditevent WHERE table_name = 'leads_candidate'"
    )
    assert [kind for kind, _ in breaks(Candidate)] == ["row inserted"]
    owner_cursor.execute("SELECT ecpd_seal_found('leads_candidate', false), ecpd_seal_found('leads_lead', false)")
    assert owner_cursor.fetchone() == (1, 0)
    assert breaks(Candidate) == []
    assert (of(Candidate, Candidate.objects.get().pk).operation, of(Candidate, Candidate.objects.get().pk).action) == (
        "G", "record.found")  # fmt: skip
    owner_cursor.execute("UPDATE leads_candidate SET match_score = match_score - 1")
    assert [kind for kind, _ in breaks(Candidate)] == ["row changed"]


def test_a_row_is_behind_the_decision_of_its_own_transaction(world):
    made = make.allowed_on(world.administrator, "account.manage", world.okafor)
    policy.authorize(world.auditor, "audit.verify")  # newer, and about something else
    User.objects.filter(pk=world.okafor.pk).update(badge="77")
    entry = AuditEvent.objects.first()
    assert (entry.decision_id, entry.actor, entry.actor_label) == (
        made.pk,
        world.administrator,
        str(world.administrator),
    )


def old_entry(cursor: Any, decision: Decision) -> int:
    """An entry as it was written before rows were sealed: format 1, with its own digest of the Decision."""
    content = [
        decision.pk, decision.actor_id, decision.action, decision.subject_type, decision.subject_id,
        decision.case_number, str(decision.outcome), "[]", decision.justification, "{}", decision.manual_version_id,
    ]  # fmt: skip
    cursor.execute(
        "INSERT INTO audit_auditevent (format, at, actor_id, actor_label, action, subject_type, subject_id, subject_label,"
        " case_number, decision_id, detail, table_name, row_id, operation, digest, session_name, application)"
        " VALUES (1, clock_timestamp(), %s, 'Joan', 'audit.verify', '', '', '', '', %s,"
        " jsonb_build_object('decision', %s::text), '', '', '', '', '', '') RETURNING id",
        [decision.actor_id, decision.pk, old_digest(content)],
    )
    [event] = cursor.fetchone()
    cursor.execute(f"SELECT {OLD_EVENT_SQL.format(seal='s', row='e')} FROM audit_auditevent e, "
                   "(SELECT COALESCE(max(number), 0) + 1 AS number FROM audit_chainseal) s WHERE e.id = %s", [event])  # fmt: skip
    [text] = cursor.fetchone()
    newest = ChainSeal.objects.order_by("-number").first()
    ChainSeal(event_id=event, number=newest.number + 1, previous_hash=newest.hash, hash=old_seal(newest.hash, text),
              sealed_at=newest.sealed_at).save(force_insert=True)  # fmt: skip
    return newest.number + 1


def test_entries_from_before_go_on_being_verified_and_so_do_their_decisions(owner_cursor):
    owner_cursor.execute("SET session_replication_role = origin")
    auditor = make_user(Role.AUDITOR)
    decision = policy.authorize(auditor, "audit.verify")
    seal()
    owner_cursor.execute("SET session_replication_role = replica")
    Decision.objects.filter(pk=decision.pk).update(verdicts=[], parameters={})
    owner_cursor.execute("SELECT ecpd_seal_found('policy_decision', true)")
    twice = [f"Decision {decision.pk} (policy_decision) was sealed a second time as if it were new"]
    assert [f.sentence.partition(";")[0] for f in verify().findings] == twice
    decision.refresh_from_db()
    number = old_entry(owner_cursor, decision)
    seal()
    assert [f.sentence for f in verify().findings if "was sealed a second time" not in f.sentence] == []
    Decision.objects.filter(pk=decision.pk).update(outcome="denied")
    sentences = [f.sentence for f in verify().findings]
    assert f"Decision {decision.pk} was changed after entry {number:,} sealed it." in sentences
    assert any("was changed after its last entry" in sentence for sentence in sentences)


def test_the_whole_agency_is_intact_and_the_check_says_how_many_rows(world):
    made = check()
    assert (made.result, made.findings) == ("intact", [])
    assert made.rows == sum(model._base_manager.count() for model in sealed_models())
