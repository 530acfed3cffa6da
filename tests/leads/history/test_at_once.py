"""FR-24: two sessions in two cases of a matter, on one face: the second waits, looks anew, and is refused."""

from datetime import timedelta

import psycopg
import pytest
from django.db import transaction
from django.utils import timezone

from cases import vault
from cases.services.evidence import add_evidence
from leads.models import SearchRequest
from leads.services import lead as leads
from tests.factories import leads as make
from tests.leads.history.conftest import answer_everything
from tests.leads.test_races import MARK, decided, race  # noqa: F401 fixture
from tests.logins import login  # noqa: F401 fixture

pytestmark = pytest.mark.django_db(transaction=True)
CLEAR = decided("lead.clear", "leads.lead", "lead") + (
    "UPDATE leads_lead SET state = 'cleared', cleared_by_id = {by}, cleared_at = now(), cleared_reason = 'In hospital' "
    "WHERE id = {lead}"
)
APPLY = decided("warrant.apply", "leads.lead", "lead") + (
    "INSERT INTO leads_warrantapplication (number, year, serial, lead_id, applicant_id, statement, does_not_fit, state, "
    "submitted_at, returned_reason, packet_sha256, asks_for, court) VALUES ('{number}', 2026, {serial}, {lead}, {by}, "
    "'The lift.', 'Nothing.', 'submitted', now(), '', '', 'search', ''); "
    "UPDATE leads_lead SET state = 'applied' WHERE id = {lead}"
)


@pytest.fixture
def two(people, elsewhere, again, lead_of):
    """Two leads to one face in two cases, each with a verified item of its own."""
    one = make.made_lead(people)
    other = lead_of(elsewhere, again(elsewhere, one.candidate))
    for case, lead in ((people, one), (elsewhere, other)):
        make.verified(case, make.linked(case, lead))
    return one, other


def test_a_mark_waits_for_the_clearing_in_another_case(race, people, two):  # noqa: F811
    one, other = ({"lead": lead.pk, "by": people.okafor.pk} for lead in two)
    assert race(CLEAR.format(**one), MARK.format(**other)).startswith("23514 FR-13: Nothing is new")


def test_of_two_applications_in_two_cases_one_waits_and_is_refused(race, people, elsewhere, two):  # noqa: F811
    for case, lead in zip((people, elsewhere), two, strict=True):
        answer_everything(case, lead)
        leads.mark_for_warrant(lead=lead, actor=people.okafor)
    one, other = ({"lead": lead.pk, "by": people.okafor.pk, "serial": serial, "number": f"A-26-{serial:04d}"}
                  for serial, lead in enumerate(two, start=1))  # fmt: skip
    assert race(APPLY.format(**one), APPLY.format(**other)).startswith("23514 FR-13: Another application for this face")


def test_who_searches_for_the_same_picture_holds_the_cases_that_did(login, people, elsewhere):  # noqa: F811
    """It ties them: who opens a packet in one of them waits for it, or it for him (FR-13)."""
    probe = make.requested(people).probe
    same = add_evidence(
        case=elsewhere.case, actor=elsewhere.okafor, kind="photo", title="The same still", origin_kind="business_camera",
        origin="Handed over", obtained_at=timezone.now() - timedelta(hours=1),
        file=vault.path_of(probe.file.sha256).read_bytes(), file_name="s.png",
    )  # fmt: skip
    make.looked_at(same)
    hold = f"SELECT 1 FROM cases_case WHERE id = {people.case.pk} FOR NO KEY UPDATE NOWAIT"
    with login() as captain, transaction.atomic():
        asked = make.allowed(elsewhere.okafor, "search.request", subject_type="leads.searchrequest",
                             case_number=elsewhere.case.case_number)  # fmt: skip
        SearchRequest.objects.create(decision=asked, probe=same, **make.search_fields(elsewhere))
        with pytest.raises(psycopg.errors.LockNotAvailable):
            captain.execute(hold)
