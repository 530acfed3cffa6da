"""AU-03: whatever somebody's decision brings about is on the record under it, also what the software writes by itself."""

import pytest

from tests.attacks.battlefield import Battlefield

pytestmark = pytest.mark.django_db
# Rows that came about in the transaction of an allowed decision, and whose entry names none.
UNDER_NONE = """
SELECT DISTINCT e.table_name, e.operation, d.action FROM audit_auditevent e
    JOIN audit_auditevent v ON v.txid = e.txid AND v.table_name = 'policy_decision' AND v.operation = 'I'
    JOIN policy_decision d ON d.id::text = v.row_id AND d.outcome = 'allowed'
    WHERE e.decision_id IS NULL AND e.table_name NOT IN ('policy_decision', 'audit_conduct')
"""
# The factory of a candidate writes the door's answer to its search beside the photo that the list shows.
OF_THE_FACTORY = {
    (table, "I", "search.run")
    for table in (
        "cases_storedfile",
        "leads_facevector",
        "leads_galleryface",
        "leads_galleryphoto",
        "leads_gallerysubject",
    )
}


def test_what_comes_about_with_a_decision_names_it(field: Battlefield):
    assert set(field.owner.execute(UNDER_NONE).fetchall()) - OF_THE_FACTORY == set()
