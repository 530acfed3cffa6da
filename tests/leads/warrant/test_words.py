"""What was done is told in the manual's words: no packet, page or list shows the code of an action."""

import csv
import io
import re

import pytest
from django.urls import reverse

from ecpd.accounts.roles import ACTIONS
from ecpd.audit.models import AuditEvent, Conduct
from ecpd.policy.models import Decision
from ecpd.web.words import action as action_words
from tests.factories import leads as make
from tests.sealing import seal
from tests.signing_in import sign_in
from tests.story import copy_of

pytestmark = pytest.mark.django_db
CODE = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(ACTIONS)))})\b")


@pytest.fixture(scope="module")
def begun(kept) -> make.Agency:
    """An agency with a case."""
    return make.agency()


@pytest.fixture
def people(begun) -> make.Agency:
    return copy_of(begun)


@pytest.fixture
def application(people):
    """A lead applied for."""
    return make.applied_for(people)


def shown(html: str) -> str:
    """What a page says, without its markup."""
    return re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", html, flags=re.DOTALL)


def test_the_packet_names_each_act_in_words(client, people, application):
    sign_in(client, people.marsh)
    text = shown(client.get(reverse("leads:application-packet", args=[application.number])).content.decode())
    assert "Mark a lead for warrant" in text
    assert CODE.findall(text) == []


def test_every_time_in_the_packet_says_its_zone_and_no_day_is_written_in_figures(client, people, application):
    sign_in(client, people.marsh)
    packet = client.get(reverse("leads:application-packet", args=[application.number])).content.decode()
    sections = shown(packet[packet.index("<section") : packet.index("Printed by")])
    times = re.findall(r"\d:\d\d.{7}", sections, flags=re.DOTALL)
    assert len(times) > 5
    assert [one for one in times if not re.fullmatch(r"\d:\d\d [ap]m P[SD]T.?", one[:12])] == []
    assert re.findall(r"\d{4}-\d\d-\d\d", sections) == []


def test_no_print_of_the_case_says_a_code(client, people, application):
    sign_in(client, people.okafor)
    number = people.case.case_number
    own = Decision.objects.filter(actor=people.okafor).latest("pk")
    for address in (
        reverse("cases:print", args=[number]), reverse("cases:timeline-print", args=[number]),
        reverse("leads:lead-print", args=[application.lead.number]), reverse("policy:decision", args=[own.pk]),
        reverse("leads:search-print", args=[application.lead.candidate.search.number]), reverse("policy:decisions"),
    ):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert CODE.findall(shown(answer.content.decode())) == [], address


def test_the_auditor_reads_and_exports_words(client, people, application):
    seal()
    sign_in(client, people.auditor)
    for model in (AuditEvent, Decision, Conduct):
        one = model.objects.latest("pk")
        the_list = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        assert CODE.findall(shown(client.get(the_list).content.decode())) == [], model
        assert CODE.findall(str(one)) == []
        record = shown(client.get(f"{the_list}{one.pk}/change/").content.decode())
        assert CODE.findall(record) == [], model
        assert action_words(one.action) in record
        assert "Ip address" not in record and one.subject_type not in record.split()
        answer = client.post(the_list, {"action": "export_csv", "_selected_action": [one.pk]})
        row = next(csv.DictReader(io.StringIO(answer.content.decode())))
        assert (row["action"], row["action_in_words"]) == (one.action, action_words(one.action))
