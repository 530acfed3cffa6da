"""What a case found out about somebody stands beside them in its later searches."""

import pytest

from cases import vault
from cases.models import Evidence
from cases.services.person import add_person, record_not_same
from leads.models import Candidate
from leads.selectors.findings import findings_before
from leads.services import lead
from tests.factories import leads as make
from tests.story import copy_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def begun(kept) -> make.Agency:
    """An agency with a case."""
    return make.agency()


@pytest.fixture
def people(begun) -> make.Agency:
    return copy_of(begun)


def again(people, before: Candidate) -> Candidate:
    """A later search of the case that lists the same face."""
    search = make.requested(people)
    found = make.listed(search, before.face)
    make.finish(search, like=before.search)
    return found


def told(people, before: Candidate) -> list[str]:
    """The sentences beside the face in a later search."""
    found = again(people, before)
    return findings_before(found.search, [found], found.search.requested_by).get(found.pk, [])


def test_somebody_new_comes_without_a_word(people):
    assert told(people, make.candidate(people)) == []


def test_an_examiners_exclusion_is_shown(people):
    before = make.candidate(people)
    make.examined(before, people.okafor, 1, conclusion="exclude")
    assert told(people, before) == [f"Excluded by an examiner in {before.search.number}."]


def test_a_cleared_lead_is_shown_with_its_reason(people):
    made = make.made_lead(people)
    lead.clear(lead=made, actor=people.okafor, reason="He was at work; the shift log shows it.")
    assert told(people, made.candidate) == [f"Cleared as lead {made.number}: He was at work; the shift log shows it."]


def test_not_the_same_person_is_shown_with_who_said_so(people):
    made = make.made_lead(people)
    suspect = add_person(case=people.case, actor=people.okafor, role="suspect", name="Man in the gray coat")
    record_not_same(one=made.person, other=suspect, actor=people.okafor, reason="Ten inches taller.")
    assert told(people, made.candidate) == [
        f"Lead {made.number} is not the same person as “Man in the gray coat” (Det. Okafor: Ten inches taller.)."
    ]


def test_another_case_that_searches_for_the_same_picture_tells_it(people):
    before = make.candidate(people)
    make.examined(before, people.okafor, 1, conclusion="exclude")
    assert told(make.agency(), before) == [f"Excluded by an examiner in {before.search.number}."]


def test_another_matter_tells_nothing(people):
    before = make.candidate(people)
    make.examined(before, people.okafor, 1, conclusion="exclude")
    others = make.agency()
    with make.by_the_owner():
        Evidence.objects.filter(pk=before.search.probe_id).update(file=vault.store(make.picture(7)))
    found = make.candidate(others)
    assert findings_before(found.search, [found], found.search.requested_by) == {}
