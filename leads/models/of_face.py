"""The anchor of a face: what is written of one lead to it is judged by what is written of the others (FR-24).

The leads may be of several cases of a matter, so that no case's row is locked by all of them.
"""

import pgtrigger

from ecpd.audit import pinned
from ecpd.audit.records import guard


def of_the_face(candidate: str, *, on: pgtrigger.Operation, step: str = "") -> pinned.Trigger:
    """The second trigger of a model, after that of its case: locks the photos that show the person of a candidate.

    Whoever writes of another photo of that person locks both as well. `candidate` is SQL for its id. `step`: of a change,
    only where this column changes.
    """
    changes = f"TG_OP = 'INSERT' OR NEW.{step} IS DISTINCT FROM OLD.{step}" if step else "true"
    return guard(
        "ab_face",
        f"""
IF {changes} THEN
    PERFORM 1 FROM leads_galleryphoto anchor WHERE anchor.id IN (
        SELECT f.photo_id FROM leads_candidate c JOIN leads_galleryface f ON f.id = c.face_id
        WHERE c.id IN (SELECT public.ecpd_candidates_of_the_face(({candidate})))) ORDER BY anchor.id FOR NO KEY UPDATE;
END IF;
""",
        on=on,
    )
