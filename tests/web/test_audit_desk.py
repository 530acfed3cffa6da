"""The auditor's admin speaks in words: lists, codes and structured values as people read them."""

import csv
import io

import pytest
from django.urls import reverse

from ecpd.accounts.roles import Role
from ecpd.audit.models import AuditEvent
from ecpd.audit.readable import shown
from ecpd.web.words import action, setting
from tests.factories.leads import allowed
from tests.signing_in import sign_in


@pytest.fixture
def desk(client, person):
    """The auditor's browser, and two entries of the chain."""
    auditor = person(Role.AUDITOR, "whitlock")
    sign_in(client, auditor)
    for name in ("case.view", "lead.view"):
        allowed(auditor, name)
    return client


def test_the_list_says_what_was_done_in_words(desk):
    page = desk.get(reverse("admin:audit_auditevent_changelist")).content.decode()
    assert "Look at a case" in page
    assert "Audit chain" in page
    assert f"{AuditEvent.objects.count()} entries of the chain" in page


def test_the_export_holds_what_the_filter_shows_and_is_recorded(desk):
    answer = desk.get(reverse("admin:audit_auditevent_export"), {"action": "case.view"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [row["action"] for row in rows] == ["case.view"]
    assert AuditEvent.objects.filter(action="audit.exported", detail__rows=1).exists()


def test_nobody_but_an_auditor_exports(client, investigator):
    sign_in(client, investigator)
    answer = client.get(reverse("admin:audit_auditevent_export"))
    assert answer.status_code in {302, 403}
    assert "csv" not in answer.headers["Content-Type"]


def test_a_structured_value_is_shown_as_words_and_never_as_markup():
    found = shown({"passed": False, "measures": [{"name": "eye_distance", "value": 6.25}], "note": "<b>"})
    assert "<dt>Passed</dt><dd>no</dd>" in found
    assert "<th scope=col>Name</th>" in found
    assert "&lt;b&gt;" in found


def test_a_table_stands_in_the_order_people_read_and_its_codes_and_moments_are_words():
    verdicts = [{"remedy": "", "outcome": "needs_words", "rule_id": "FR-04", "sentence": "Not sharp."}]
    found = shown({"verdicts": verdicts, "queued": "2026-11-28T20:37:11.799123+00:00", "sha256": "ab_cd"})
    columns = [found.index(f"<th scope=col>{name}</th>") for name in ("Rule", "Outcome", "Sentence", "Remedy")]
    assert columns == sorted(columns)
    assert "<td>needs words</td>" in found
    assert "<dt>Queued</dt><dd>Nov 28, 2026, 12:37 pm</dd>" in found
    assert "<dt>SHA-256</dt>" in found


def test_codes_and_settings_are_put_in_words():
    assert action("case.create") == "Open a case"
    assert action("account.sign_in") == "Account: sign in"
    assert [setting(value) for value in (["person", "property"], True, 95)] == ["person, property", "yes", 95]
    assert [setting(value) for value in ("", None, [], 0, False)] == ["not set", "not set", "not set", 0, "no"]
