"""AU-02: the auditor reads everything about conduct and changes nothing; nobody else comes in."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.models import Case
from cases.services import matter
from cases.services.case import open_case
from ecpd.accounts import api_tokens, rehearsal
from ecpd.accounts.models import ApiToken, TrainingCertificate, User
from ecpd.accounts.roles import Role
from ecpd.audit import readable
from ecpd.audit.checking import carry_out_requests
from ecpd.audit.models import AuditEvent, ChainCheck, CheckRequest, Conduct, Stamp
from ecpd.audit.services import record
from ecpd.audit.verification import Verification, keep
from ecpd.policy import engine as policy
from ecpd.policy.models import Decision
from ecpd.policy.services import propose_amendment
from leads.models import SearchReplay
from leads.services import exculpatory, gallery, identity, warrant
from leads.services import lead as leads
from leads.services.self_opened import accept_case
from tests.audit.tampering import change
from tests.factories import leads as make
from tests.factories.measured import pattern
from tests.factories.people import make_user
from tests.sealing import as_role, check, failed_stamp, seal
from tests.signing_in import sign_in
from tests.story import copy_of

pytestmark = pytest.mark.django_db
# Parking's pages are tried by tests/parking/pages/test_admin.py, with rows of its own.
MODELS = sorted(
    (model for model in admin.site._registry if model._meta.app_label != "parking"), key=lambda model: model._meta.label
)
ACCOUNTS = {ApiToken, User, TrainingCertificate}
MOST_QUERIES = 15

every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)


def page(model, name: str, *args) -> str:
    """An address of the admin."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def browser(client, user: User):
    """The client, signed in as this person."""
    sign_in(client, user)
    return client


@pytest.fixture
def desk(client, auditor):
    """The auditor's browser."""
    return browser(client, auditor)


def conduct(people: make.Agency, sha256: str) -> None:
    """A row in every table of the admin: one search, from the probe to the captain's decision."""
    made = make.made_lead(people)
    other = open_case(actor=people.okafor, title="An hour later", offense=people.case.offense, captain=people.marsh)
    matter.link(case=people.case, other=other, actor=people.okafor, why="The same night and the same cap")
    witness = make.requested(people, purpose="witness", offense=None)
    make.listed(witness, made.candidate.face)
    make.finish(witness, like=made.candidate.search)
    leads.allow_purpose(lead=made, actor=people.marsh, reason="The clerk took him for a customer at first.")
    leads.sign_off(lead=made, actor=make_user(Role.CAPTAIN, last_name="Osei"), reason="Looked at both examinations.")
    made = make.marked_lead(people)
    exculpatory.enter(lead=made, actor=people.raman, kind="alibi", what="At work that night, says his employer.")
    for entry in made.exculpatory.filter(answers=None):
        exculpatory.answer(entry=entry, actor=people.okafor, outcome="explained", text="His shift ended at nine.")
    known = identity.enter(lead=made, actor=people.okafor, name="Devin A. Harrow", how="The card has this name.",
                           evidence=make.exhibit(people, kind="document", title="Booking card"))  # fmt: skip
    identity.answer(identity=known, actor=people.raman, outcome="agrees", reason="Read the card with its keeper.")
    application = warrant.apply_for_warrant(
        lead=made, actor=people.okafor, statement="The lift from the drawer is his.", does_not_fit="Nothing."
    )
    warrant.open_packet(application=application, actor=people.marsh)
    warrant.decide(
        application=application, actor=people.marsh, approve=False, reasons="One lift is not enough.", read_packet=True
    )
    gallery.record_opt_out(actor=people.chief, sha256=sha256, received_on=timezone.localdate(), reason="By letter")
    propose_amendment(actor=people.marsh, changes={"match_score_min": 97}, effective_on=timezone.localdate(),
                      reason="Three leads between 95 and 97 were wrong.")  # fmt: skip
    record(actor=people.auditor, action="audit.viewed")
    api_tokens.make_token(owner=people.okafor, name="Records export", scope="read", days=30)
    rehearsal.app_of(people.raman)
    search = made.candidate.search
    with policy.door(people.okafor, "search.replay", search) as decision:
        SearchReplay.objects.create(search=search, by=people.okafor, same=True, decision=decision)
    veiled = replace(people, case=open_case(actor=people.okafor, title="A bicycle", offense=people.case.offense,
                                            captain=people.marsh, incident_number=f"26-{sha256[0] * 6}"))  # fmt: skip
    make.candidate(veiled, search=make.requested(veiled, probe=make.exhibit(veiled, file=pattern(ord(sha256[0])))))
    accept_case(case=veiled.case, actor=people.marsh, accepted=False, reason="Dispatch knows of no such call.")
    check(started_by=people.auditor)
    failed_stamp()


@pytest.fixture(scope="module")
def begun(kept) -> make.Agency:
    """An agency whose records have at least one row in every table of the admin."""
    people = make.agency()
    conduct(people, "a" * 64)
    return people


@pytest.fixture
def people(begun) -> make.Agency:
    return copy_of(begun)


def test_every_page_has_something_to_show(people):
    assert [model._meta.label for model in MODELS if not model._base_manager.exists()] == []


def test_the_index_names_every_list(desk):
    shown = desk.get(reverse("admin:index")).content.decode()
    assert [model._meta.label for model in MODELS if f'href="{page(model, "changelist")}"' not in shown] == []


def test_the_auditor_opens_every_list_with_as_many_queries_for_many_rows_as_for_few(people, desk):
    def queries(model) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(page(model, "changelist")).status_code == 200
        return len(captured)

    few = {model: queries(model) for model in MODELS}
    conduct(people, "b" * 64)
    conduct(people, "c" * 64)
    many = {model: queries(model) for model in MODELS}
    assert {model: count for model, count in many.items() if count > MOST_QUERIES} == {}
    assert {model: (few[model], count) for model, count in many.items() if count > few[model]} == {}


def test_the_auditor_reads_every_record_and_each_reading_is_recorded(people, desk):
    for model in MODELS:
        one = model._base_manager.first()
        assert desk.get(page(model, "change", one.pk)).status_code == 200, model
        seen = AuditEvent.objects.filter(action="audit.viewed").first()
        assert (seen.subject_type, seen.subject_id) == (model._meta.label_lower, str(one.pk))


def rows() -> dict[type, dict[object, dict]]:
    """Every row of every table of the admin, by its key."""
    return {model: {row[model._meta.pk.attname]: row for row in model._base_manager.values()} for model in MODELS}


def test_the_auditor_adds_changes_and_deletes_nothing(people, desk, auditor):
    before = rows()
    for model in MODELS:
        key, row = next(iter(before[model].items()))
        form = dict.fromkeys(row, "1") | {"post": "yes"}
        for address in (page(model, "add"), page(model, "change", key), page(model, "delete", key)):
            assert desk.post(address, form).status_code == 403, address
        for address in (page(model, "add"), page(model, "delete", key)):
            assert desk.get(address).status_code == 403, address
    after = rows()
    new = {model: after[model].keys() - before[model].keys() for model in MODELS}
    assert {model: {key: after[model].get(key) for key in before[model]} for model in MODELS} == before
    # What the auditor tried stays on the record; nothing else is new.
    tried = AuditEvent.objects.filter(pk__in=new.pop(AuditEvent))
    assert set(tried.values_list("actor", "action")) <= {(auditor.pk, "audit.viewed")}
    assert set(Conduct.objects.filter(pk__in=new.pop(Conduct)).values_list("action", flat=True)) <= {"audit.viewed"}
    assert {model: keys for model, keys in new.items() if keys} == {}


def test_no_list_offers_to_delete(people, desk):
    for model in MODELS:
        one = model._base_manager.first()
        desk.post(page(model, "changelist"), {"action": "delete_selected", "_selected_action": [one.pk], "post": "yes"})
        assert model._base_manager.filter(pk=one.pk).exists()


def test_every_list_can_be_searched_and_filtered(people, desk):
    for model in MODELS:
        if admin.site._registry[model].search_fields:
            assert desk.get(page(model, "changelist"), {"q": "26-0"}).status_code == 200, model


def rows_of(response) -> list[list[str]]:
    """The rows of a CSV answer."""
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(response.content.decode())))


def test_every_list_is_exported_and_each_export_is_recorded(people, desk, auditor):
    for model in MODELS:
        one = model._base_manager.first()
        answer = desk.post(page(model, "changelist"), {"action": "export_csv", "_selected_action": [one.pk]})
        header, *rows = rows_of(answer)
        assert len(rows) == 1, model
        assert rows[0][header.index(model._meta.pk.name)] == str(one.pk)
        entry = AuditEvent.objects.filter(action="audit.exported").first()
        assert (entry.actor, entry.detail) == (auditor, {"what": model._meta.label, "rows": 1})
        decision = Decision.objects.first()
        assert (decision.actor, decision.action, decision.outcome) == (auditor, "audit.export", "allowed")


def test_an_export_of_accounts_carries_no_password(people, desk):
    answer = desk.post(page(User, "changelist"), {"action": "export_csv", "_selected_action": [people.okafor.pk]})
    assert people.okafor.password not in answer.content.decode()
    assert "password" not in rows_of(answer)[0]


def test_an_export_holds_no_formula(people, desk):
    with policy.door(people.okafor, "case.manage", people.case):
        Case.objects.filter(pk=people.case.pk).update(title="=HYPERLINK(0)")
    header, row = rows_of(
        desk.post(page(Case, "changelist"), {"action": "export_csv", "_selected_action": [people.case.pk]})
    )
    assert row[header.index("title")] == "'=HYPERLINK(0)"


def test_an_administrator_sees_accounts_and_nothing_else(people, client):
    desk = browser(client, make_user(Role.ADMINISTRATOR))
    for model in MODELS:
        one = model._base_manager.first()
        expected = 200 if model in ACCOUNTS else 403
        assert desk.get(page(model, "changelist")).status_code == expected, model
        assert desk.get(page(model, "change", one.pk)).status_code == expected, model
    shown = desk.get(reverse("admin:index")).content.decode()
    assert {model for model in MODELS if f'href="{page(model, "changelist")}"' in shown} == ACCOUNTS


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.AUDITOR, Role.ADMINISTRATOR}])
def test_nobody_else_comes_in(client, role):
    desk, before = browser(client, make_user(role)), ChainCheck.objects.count()
    for address in (reverse("admin:index"), page(AuditEvent, "changelist"), page(User, "changelist")):
        assert desk.get(address, follow=True).status_code == 403, address
    assert desk.post(reverse("admin:audit_verify"), follow=True).status_code == 403
    assert ChainCheck.objects.count() == before


@every_model
def test_who_is_not_signed_in_is_sent_to_sign_in(client, model):
    address = page(model, "changelist")
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next={address}")


def verified() -> ChainCheck:
    """What the sealer's process makes of the button."""
    with as_role("ecpd_sealer"):
        carry_out_requests()
    return ChainCheck.objects.first()


def test_the_button_asks_for_a_verification_and_the_page_waits_for_its_result(chain, desk, auditor):
    response = desk.post(reverse("admin:audit_verify"), follow=True)
    assert CheckRequest.objects.get().requested_by == auditor
    assert "is under way" in response.content.decode()
    assert "Look whether the result is there" in response.content.decode()
    made = verified()
    assert (made.started_by, made.result, made.findings) == (auditor, "intact", [])
    assert made.entries >= len(chain)
    response = desk.get(reverse("admin:audit_chaincheck_changelist"))
    assert f"All {made.entries} entries fit together, and {made.rows} records fit" in response.content.decode()
    assert "Look whether the result is there" not in response.content.decode()


def chain_page(desk) -> str:
    """What the auditor's page says of the chain."""
    return desk.get(reverse("admin:audit_chaincheck_changelist")).content.decode()


def test_the_page_says_whether_and_since_when_the_chain_is_anchored(chain, desk, settings, owner_cursor):
    settings.TIMESTAMP_URL = ""
    assert "Not anchored" in chain_page(desk) and "No time-stamp authority is set up" in chain_page(desk)
    settings.TIMESTAMP_URL = "https://stamps.example/"
    assert "Not anchored yet" in chain_page(desk)
    assert "No time-stamp authority has stamped this chain yet." in chain_page(desk)
    failed_stamp()
    assert "The authority did not answer. It is tried again by itself." in chain_page(desk)
    with as_role("ecpd_sealer"):
        Stamp.objects.create(number=3, hash="0" * 64, authority="https://stamps.example/", local=False, result="stamped",
                             response=b"1", stamped_at=timezone.now() - timedelta(minutes=95))  # fmt: skip
    shown = chain_page(desk)
    assert "Not anchored" not in shown and "It is tried again" not in shown
    assert "Entry 3 was stamped" in shown and "1\xa0hour, 35\xa0minutes ago, by https://stamps.example/" in shown
    owner_cursor.execute("UPDATE audit_stamp SET local = true")
    assert "Not anchored outside" in chain_page(desk) and "proves nothing to anybody outside" in chain_page(desk)


def test_the_page_says_whose_sessions_changed_rows_and_names_foreign_time_stamps(chain, desk):
    seal()
    with as_role("ecpd_sealer"):
        keep(Verification(4, 2, [], 0, (4, "0" * 64), 0.1, hands={("ecpd_app", "cases_case"): 2, ("psql", "cases_case"): 1,
                                                                  ("psql", "leads_lead"): 4}, foreign=[3]))  # fmt: skip
    shown = chain_page(desk)
    assert "<strong>psql</strong> 5, <strong>ecpd_app</strong> 2." in " ".join(shown.split())
    assert "Time stamps of another authority than this installation's, of entries 3." in shown
    made = check()
    told = sum(count for _, _, count in made.hands)
    assert told == sum(made.by_role.values()) == AuditEvent.objects.filter(operation__in="UD").count()


def test_the_button_shows_every_break(chain, desk, owner_cursor):
    change(owner_cursor, 4, "action", "x")
    owner_cursor.execute("SET session_replication_role = origin")
    desk.post(reverse("admin:audit_verify"))
    assert verified().result == "broken"
    response = desk.get(reverse("admin:audit_chaincheck_changelist"))
    assert "Entry 4 was changed after it was sealed." in response.content.decode()


def test_an_entry_without_a_seal_is_shown_as_waiting_and_the_export_has_the_seals(chain, desk):
    seal()  # the sign-in
    shown = desk.get(page(AuditEvent, "changelist")).content.decode()
    assert "waits for its seal" not in shown
    desk.post(reverse("admin:audit_verify"))
    assert "waits for its seal" in desk.get(page(AuditEvent, "changelist")).content.decode()
    header, *rows = rows_of(desk.get(page(AuditEvent, "export")))
    seals = {row[header.index("id")]: (row[header.index("number")], row[header.index("hash")]) for row in rows}
    assert all(seals[str(entry.pk)] == (str(entry.number), entry.hash) for entry in chain)
    assert ("waits for its seal", "") in seals.values()


def test_looking_at_the_buttons_address_verifies_nothing(desk):
    before = ChainCheck.objects.count()
    assert desk.get(reverse("admin:audit_verify")).status_code == 302
    assert ChainCheck.objects.count() == before


def test_an_administrator_does_not_verify(client):
    administrator, before = make_user(Role.ADMINISTRATOR), ChainCheck.objects.count()
    assert browser(client, administrator).post(reverse("admin:audit_verify")).status_code == 403
    assert ChainCheck.objects.count() == before
    assert Decision.objects.get(actor=administrator).outcome == "denied"


def test_an_export_names_people_and_keeps_json_and_zones(people, desk):
    header, *rows = rows_of(desk.get(page(Decision, "export")))
    one = dict(zip(header, rows[0], strict=True))
    decision = Decision.objects.get(pk=one["id"])
    assert one["actor"] == str(decision.actor_id)
    assert one["actor_name"] == f"{decision.actor.display_name} ({decision.actor.username})"
    assert json.loads(one["verdicts"]) == decision.verdicts
    assert datetime.fromisoformat(one["at"]) == decision.at
    assert one["at"][-6:] == f"{timezone.localtime(decision.at):%z}"[:3] + ":00"


def test_a_list_writes_moments_as_pages_do_and_numbers_that_say_something(desk, chain):
    shown = desk.get(page(AuditEvent, "changelist")).content.decode()
    assert re.search(r"[A-Z][a-z]{2} \d{1,2}, \d{4}, \d{1,2}:\d\d [ap]m", shown.replace("\N{NO-BREAK SPACE}", " "))
    assert not re.search(r"\d [ap]\.m\.", shown)
    assert [readable._number(value) for value in (16.15997771099501, 0.00312345, None)] == ["16.16", "0.003123", "-"]
