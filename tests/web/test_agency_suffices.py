"""The demo agency has the people that one suspect matter takes, and none to spare (docs/people.md)."""

import pytest

from ecpd.accounts.roles import Role
from ecpd.policy import engine as policy
from ecpd.policy.errors import PolicyDenied
from leads.models import ExaminationRequest, WarrantApplication
from leads.selectors.warrant import people_with_a_part
from leads.selectors.who_decides import captains_who_can_decide
from leads.services import corroboration, exculpatory

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_suspect_matter_takes_four_people_and_the_agency_has_them(demo_people):
    waiting = WarrantApplication.objects.get(state="submitted")
    drawn = ExaminationRequest.objects.get(candidate=waiting.lead.candidate)
    requester, checker = demo_people["okafor"], demo_people["raman"]
    # those who acted: who asked, the drawn second examiner, who checked; whoever may decide comes fourth
    assert set(people_with_a_part(waiting)) == {requester.pk, drawn.examiner_id, checker.pk}
    assert len({requester.pk, drawn.examiner_id, checker.pk}) == 3
    # the lot needs `lot_min` who know nothing of it: with who asks and who checks that is every investigator
    investigators = [one for one in demo_people.values() if Role.INVESTIGATOR in one.role_names]
    assert drawn.lot_size == policy.parameter("lot_min") == len(investigators) - 2
    # fewer do not: nobody checks what he linked himself
    with pytest.raises(PolicyDenied, match="linked"):
        corroboration.verify(item=waiting.lead.corroborations.get(), actor=requester, verified=True, because_of="no",
                             rests_on_face="no", reason="I read my own report once more.")  # fmt: skip
    # either captain decides; when one takes a part the other still can, and when both did the chief
    captains = [demo_people["marsh"], demo_people["osei"]]
    for left in (captains, captains[1:], []):
        assert set(captains_who_can_decide(waiting)) == {one.pk for one in left}
        if left:
            exculpatory.enter(
                lead=waiting.lead, actor=left[0], kind="other", what=f"{left[0]} met him elsewhere that day."
            )
