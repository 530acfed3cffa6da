"""What comes in from outside a lead's case: whoever writes it holds the cases it touches, and who opens a packet waits (FR-13).

A moment alone does not say what somebody saw: a row that is not committed has an earlier one than the packet that was opened
without it. So the row is written, or its moment taken, under the lock of the cases in which somebody may have to know it.
"""

import pgtrigger

from ecpd.accounts.models import TrainingCertificate
from ecpd.audit import pinned
from ecpd.audit.anchors import HOLD, holds
from ecpd.audit.pinned import add_guards
from ecpd.audit.records import guard, refuse
from leads.models.optout import OptOut
from leads.models.photo import is_of
from leads.models.source import GallerySource

BY_CERTIFICATE = """SELECT l.case_id FROM leads_lead l JOIN leads_examination x ON x.candidate_id = l.candidate_id
    WHERE x.certificate_id = NEW.id"""
OF_PHOTOS = """SELECT l.case_id FROM leads_lead l JOIN leads_candidate c ON c.id = l.candidate_id
    JOIN leads_galleryface f ON f.id = c.face_id JOIN leads_galleryphoto p ON p.id = f.photo_id WHERE {}"""


def in_matter(case: str) -> pinned.Trigger:
    """The first trigger of a model: who writes a row of it waits for whoever writes in any case of the matter.

    `case` is SQL for the key of the row's case. The cases are taken by their keys, so that two wait for each other and not
    both for ever; a tie for which it waited brings more of them.
    """
    hold = HOLD.format(cases="SELECT unnest(matter)")
    found = f"IF NOT FOUND THEN {refuse('AC-09', 'What it belongs to is not there.')} END IF;\n"
    whole = f"matter := ARRAY(SELECT public.ecpd_matter(({case})));\n"
    again = f"{whole}LOOP\n{hold}{found}held := matter;\n{whole}EXIT WHEN matter <@ held;\nEND LOOP;\n"
    return guard("aa_anchor", again, on=pgtrigger.Insert, declare=[("matter", "bigint[]"), ("held", "bigint[]")])


add_guards(
    TrainingCertificate,
    holds(BY_CERTIFICATE, on=pgtrigger.Update, step="NEW.suspended_at IS NOT NULL AND OLD.suspended_at IS NULL"),
)
add_guards(
    GallerySource,
    holds(OF_PHOTOS.format("p.source_id = NEW.id"), on=pgtrigger.Update,
          step="NEW.withdrawn_at IS NOT NULL AND OLD.withdrawn_at IS NULL"),
)  # fmt: skip
add_guards(OptOut, holds(OF_PHOTOS.format(is_of("p").replace("o.", "NEW.")), on=pgtrigger.Insert | pgtrigger.Update))
