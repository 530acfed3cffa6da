"""Attacks on cases and people, evidence and custody, accounts and certificates."""

from tests.attacks.made import clone
from tests.attacks.who_acts import STRICTLY
from tests.attacks.written import breaks, says, touch

CERTIFICATE, USER = "accounts_trainingcertificate", "accounts_user"


def certificate(**changes: str) -> str:
    """Another certificate, issued by the administrator."""
    return clone(CERTIFICATE, "suspended_at IS NULL", **changes)


def of_the_case(case: str, **changes: str) -> str:
    """The captain's decision on a case."""
    right = {"actor_id": "{user_captain}", "action": "'case.manage'", "outcome": "'allowed'", "verdicts": "'[]'::jsonb",
             "subject_type": "'cases.case'", "subject_id": f"({case})::text", "case_number": "''"}  # fmt: skip
    return clone("policy_decision", **(right | changes))


SUSPENDED = touch(CERTIFICATE, "id = {certificate}", suspended_at="now()", suspended_reason="'A question came up'",
                  suspended_by_id="{user_administrator}")  # fmt: skip

A_LOCK = (
    "INSERT INTO accounts_failedpassword (name, source, at) SELECT 'okafor', '192.0.2.1', now() FROM generate_series(1, 5); "
    "INSERT INTO accounts_passwordlock (id, name, source, locked_at, user_id) "
    "VALUES (990001, 'okafor', '192.0.2.1', now(), {account})"
)

MERGE, PROPOSED = "cases_personmerge", "state = 'proposed'"
MERGED = (
    touch(MERGE, PROPOSED, state="'approved'", decided_by_id="{user_captain}", decided_at="now()"),
    "UPDATE cases_person SET merged_into_id = (SELECT keep_id FROM cases_personmerge ORDER BY id LIMIT 1) "
    "WHERE id = (SELECT duplicate_id FROM cases_personmerge ORDER BY id LIMIT 1)",
)

SEALED = "UPDATE cases_case SET sealed = true, sealed_reason = 'A court ordered it'"
ELSEWHERE = clone("cases_person", id="990001", case_id="{other_case_id}")
FIRST_CASE = "(SELECT o.case_id FROM cases_timelineentry o ORDER BY o.id LIMIT 1)"  # whose line `clone` repeats
OF_A_LEAD = "id = (SELECT person_id FROM leads_lead WHERE state = 'open' ORDER BY id LIMIT 1)"
OF_THE_MARKED = "(SELECT person_id FROM leads_lead WHERE number = '{marked}')"
READY_PERSON = "(SELECT person_id FROM leads_lead WHERE number = '{ready}')"
OF_THE_READY = f"o.id = {READY_PERSON}"
CASE_OF_READY = "(SELECT case_id FROM leads_lead WHERE number = '{ready}')"
NOT_SAME, ONE_CASE = "cases_notsameperson", "AC-09: What a row of a case"
TOLD_APART = clone(NOT_SAME, person_a_id="(SELECT least(keep_id, duplicate_id) FROM cases_personmerge ORDER BY id LIMIT 1)",
                   person_b_id="(SELECT greatest(keep_id, duplicate_id) FROM cases_personmerge ORDER BY id LIMIT 1)")  # fmt: skip


def merged(key: str) -> str:
    """The merge of this key is approved, and carried out."""
    return (
        touch(MERGE, f"id = {key}", state="'approved'", decided_by_id="{user_captain}", decided_at="now()")
        + f"; UPDATE cases_person p SET merged_into_id = m.keep_id FROM cases_personmerge m WHERE m.id = {key} "
        "AND p.id = m.duplicate_id"
    )


ATTACKS = [
    says(MERGE, ONE_CASE, "with somebody of another case", clone(MERGE, duplicate_id="990001"), ELSEWHERE),
    says(NOT_SAME, ONE_CASE, "told apart from somebody of another case", clone(NOT_SAME, person_b_id="990001"), ELSEWHERE),
    says("cases_casenote", ONE_CASE, "a correction in another case",
         clone("cases_casenote", case_id="{other_case_id}", corrects_id="o.id")),
    says("cases_evidence", ONE_CASE, "made of an exhibit of another case",
         clone("cases_evidence", case_id="{other_case_id}", number="990001", derived_from_id="o.id",
               derivation="'Brighter'")),
    says(MERGE, "AC-07: An entry that was withdrawn", "with an entry that was withdrawn", clone(MERGE, duplicate_id="{third}"),
         touch("cases_person", "id = {third}", withdrawn_at="now()", withdrawn_by_id="{user_investigator}",
               withdrawn_reason="'Entered twice'")),
    says(MERGE, "AC-07: One of them", "merged twice", clone(MERGE), *MERGED),
    says(MERGE, "AC-07: One of them", "into each other", clone(MERGE, keep_id="o.duplicate_id", duplicate_id="o.keep_id"),
         *MERGED),
    says(MERGE, "AC-07: Somebody recorded", "two who were told apart", clone(MERGE, duplicate_id="{third}")),
    says(MERGE, "AC-07: Somebody recorded", "two who were told apart, by a third",
         clone(MERGE, id="990003", keep_id="990002", duplicate_id="{third}"),
         clone("cases_person", id="990002", name="'A. Ostrander, again'"),
         clone(MERGE, id="990001", keep_id="990002", duplicate_id="{person}"), merged("990001")),
    says(NOT_SAME, "AC-07: These two", "told apart while they are merged", TOLD_APART, *MERGED),
    says("cases_person", "FR-10: What a lead says", "another name for the person of a lead",
         touch("cases_person", OF_A_LEAD, name="'John Q. Smith'")),
    says("cases_person", "FR-10: What a lead says", "another birthday for the person of a lead",
         touch("cases_person", OF_A_LEAD, date_of_birth="'1980-01-01'")),
    says("cases_person", "FR-10: What a lead says", "a suspect of the person of a lead",
         touch("cases_person", OF_A_LEAD, role="'suspect'", unidentified="false")),
    says("cases_person", "FR-10: The person of a lead", "withdrawn under a lead",
         touch("cases_person", OF_A_LEAD, withdrawn_at="now()", withdrawn_by_id="{user_investigator}",
               withdrawn_reason="'Entered twice'")),
    says("cases_person", "FR-10: Nobody is merged", "merged once more under a mark",
         touch("cases_person", "id = 990001", merged_into_id="990002"),
         clone("cases_person", OF_THE_READY, id="990001", name="'One'"),
         clone("cases_person", OF_THE_READY, id="990002", name="'Two'"),
         clone(MERGE, id="990001", case_id=CASE_OF_READY, keep_id="990001", duplicate_id=READY_PERSON),
         merged("990001"),
         touch("leads_lead", "number = '{ready}'", state="'marked'", marked_by_id="{user_investigator}", marked_at="now()"),
         clone(MERGE, id="990002", case_id=CASE_OF_READY, keep_id="990002", duplicate_id="990001"),
         touch(MERGE, "id = 990002", state="'approved'", decided_by_id="{user_captain}", decided_at="now()")),
    says("cases_person", "FR-10: Nobody is merged", "merged away under a mark",
         touch("cases_person", "id = " + OF_THE_MARKED, merged_into_id="{third}"),
         clone(MERGE, id="990001", keep_id="{third}", duplicate_id=OF_THE_MARKED),
         touch(MERGE, "id = 990001", state="'approved'", decided_by_id="{user_captain}", decided_at="now()")),
    says("cases_person", "FR-10: Nobody is merged", "merged into the person of a mark",
         touch("cases_person", "id = {third}", merged_into_id=OF_THE_MARKED),
         clone(MERGE, id="990001", duplicate_id="{third}", keep_id=OF_THE_MARKED),
         touch(MERGE, "id = 990001", state="'approved'", decided_by_id="{user_captain}", decided_at="now()")),
    says("cases_case", "AC-04: A case is unsealed", "unsealed without a word", touch("cases_case", sealed="false",
         sealed_reason="' '"), SEALED),
    says("cases_case", "AC-04: A case is unsealed", "unsealed for the reason of the seal", touch("cases_case", sealed="false"),
         SEALED),
    *(breaks("cases_timelineentry", "ac_07_leads_within", f"a line that leads {where}",
             clone("cases_timelineentry", at="now()", actor_id="NULL", url=f"'{address}'"))
      for where, address in {"to a script": "javascript:alert(1)", "away": "https://elsewhere.example/",
                             "away without a scheme": "//elsewhere.example/"}.items()),
    says("cases_timelineentry", "AC-07: A line of the timeline is in", "in another's name",
         clone("cases_timelineentry", at="now()", actor_id="{user_captain}"), STRICTLY),
    says("cases_timelineentry", "AC-07: A line of the timeline is of who", "in the name of who acted on another case",
         clone("cases_timelineentry", at="now()", actor_id="{user_captain}"), of_the_case("{other_case_id}")),
    says("cases_timelineentry", "AC-07: A line of the timeline is of who", "of another case, said to be of this one",
         clone("cases_timelineentry", at="now()", actor_id="{user_captain}"),
         of_the_case("{other_case_id}", case_number="(SELECT k.case_number FROM cases_case k WHERE k.id = {case_id})")),
    says("cases_timelineentry", "AC-07: A line of the timeline is of now", "dated back",
         clone("cases_timelineentry", at="now() - interval '1 hour'", actor_id="NULL")),
    says("cases_timelineentry", "AC-07: A line of the timeline is of now", "dated back to the offense, in somebody's name",
         clone("cases_timelineentry", at="now() - interval '1 hour'", actor_id="{user_captain}"),
         touch("cases_case", occurred_at="now() - interval '1 hour'", occurred_until="NULL"),
         of_the_case(FIRST_CASE, case_number=f"(SELECT k.case_number FROM cases_case k WHERE k.id = {FIRST_CASE})")),
    says("cases_case", "AC-09: A case that", "open, and closed long ago",
         touch("cases_case", "status = 'open'", closed_at="now()")),
    says("cases_case", "AC-04: A case is sealed", "sealed without a word",
         touch("cases_case", sealed="true", sealed_reason="E'\\u200b '")),
    breaks("cases_case", "case_happened_in_order", "over before it began",
           touch("cases_case", occurred_at="now()", occurred_until="now() - interval '1 day'")),
    says("cases_custodyentry", "AC-07: What it belongs to", "of an exhibit that is not there yet",
         clone("cases_custodyentry", evidence_id="990001", at="now()"), shielded=True),
    says("cases_custodyentry", "AC-07: A link of the chain of custody begins", "from hands it was not in",
         clone("cases_custodyentry", from_party="'A stranger'", at="now()"), shielded=True),
    says("cases_custodyentry", "AC-07: A link of the chain of custody does not", "before the one before it",
         clone("cases_custodyentry", from_party="o.to_party", at="now() - interval '9 years'"), shielded=True),
    breaks("cases_evidence", "ac_07_evidence_withdrawn_reason", "withdrawn for no reason",
           touch("cases_evidence", withdrawn_at="now()", withdrawn_reason="''", withdrawn_by_id="{user_investigator}")),
    breaks("cases_evidence", "fr_04_derivative_says_what", "a derivative of something",
           clone("cases_evidence", number="990001", derived_from_id="o.id", derivation="''")),
    breaks("cases_incidentnumber", "fr_02_number_spelled_once", "a number in another spelling",
           clone("cases_incidentnumber", number="'26_014 233'")),
    breaks("cases_incidentnumber", "ac_07_number_withdrawn_reason", "a number taken back for no reason",
           touch("cases_incidentnumber", withdrawn_at="now()", withdrawn_reason="''", withdrawn_by_id="{user_captain}")),
    breaks("cases_caselink", "ac_07_link_withdrawn_reason", "a link taken back for no reason",
           touch("cases_caselink", withdrawn_at="now()", withdrawn_reason="''", withdrawn_by_id="{user_captain}")),
    breaks("cases_caselink", "fr_24_linked_to_another", "linked to itself", clone("cases_caselink", other_id="o.case_id")),
    breaks("cases_notsameperson", "not_same_in_order", "the other way round",
           clone("cases_notsameperson", person_a_id="o.person_b_id", person_b_id="o.person_a_id")),
    breaks("cases_person", "ac_07_withdrawn_with_reason", "withdrawn for no reason",
           touch("cases_person", withdrawn_at="now()", withdrawn_reason="''", withdrawn_by_id="{user_investigator}")),
    breaks("cases_person", "person_not_merged_into_itself", "merged into itself",
           touch("cases_person", merged_into_id="id")),
    breaks("cases_personmerge", "merge_two_entries", "one entry with itself",
           clone("cases_personmerge", duplicate_id="o.keep_id")),
    breaks("cases_personmerge", "merge_two_people", "decided by who proposed it",
           touch("cases_personmerge", decided_by_id="proposed_by_id")),
    breaks(MERGE, "merge_decided_by_somebody", "decided by nobody", touch(MERGE, PROPOSED, state="'rejected'")),
    breaks(MERGE, "merge_undone_by_somebody", "undone for no reason",
           touch(MERGE, "state = 'approved'", state="'undone'", undone_by_id="{user_captain}", undone_at="now()"), *MERGED),
    says(MERGE, "AC-07: A merge is decided once", "undone before it is decided", touch(MERGE, PROPOSED, state="'undone'")),
    says(MERGE, "AC-07: Who decides on a merge", "decided and still open",
         touch(MERGE, PROPOSED, decided_by_id="{user_captain}", decided_at="now()")),
    says(MERGE, "AC-07: A merge is carried out", "decided and not carried out", MERGED[0]),
    says("cases_person", "AC-07: An entry is merged by", "merged by nobody", MERGED[1]),
    says("cases_person", "AC-07: An entry stays", "taken back by nobody",
         touch("cases_person", "merged_into_id IS NOT NULL", merged_into_id="NULL"), *MERGED),
    breaks(CERTIFICATE, "fr_20_certificate_covers", "without what FR-20 names", certificate(covers_limits="false")),
    breaks(CERTIFICATE, "fr_20_certificate_expires", "over before it began",
           certificate(expires_on="o.issued_on - 1")),
    says(CERTIFICATE, "FR-20: A certificate cannot run", "for ten years",
         certificate(expires_on="(o.issued_on + interval '10 years')::date"), shielded=True),
    says(CERTIFICATE, "FR-20: Nobody issues", "for oneself", certificate(holder_id="o.issued_by_id"), shielded=True),
    says(CERTIFICATE, "FR-20: An administrator or the chief issues", "by a colleague",
         certificate(issued_by_id="{colleague}", holder_id="{account}"), shielded=True),
    says(CERTIFICATE, "FR-20: A certificate is issued first", "suspended at birth",
         certificate(suspended_at="now()", suspended_reason="'A question came up'",
                     suspended_by_id="{user_administrator}"), shielded=True),
    says(CERTIFICATE, "FR-20: A suspension gives", "suspended for no reason",
         touch(CERTIFICATE, suspended_at="now()", suspended_reason="' '", suspended_by_id="{user_administrator}"),
         shielded=True),
    says(CERTIFICATE, "FR-20: A suspension stays", "counts again",
         touch(CERTIFICATE, "suspended_at IS NOT NULL", suspended_at="NULL", suspended_reason="''",
               suspended_by_id="NULL"), SUSPENDED),
    says(CERTIFICATE, "FR-20: A suspension takes effect", "suspended on no day",
         touch(CERTIFICATE, suspended_reason="'A question came up'",
               suspended_by_id="{user_administrator}"), shielded=True),
    says(CERTIFICATE, "FR-20: An administrator or the chief suspends", "suspended by a colleague",
         touch(CERTIFICATE, suspended_at="now()", suspended_reason="'A question came up'",
               suspended_by_id="{colleague}"), shielded=True),
    says("accounts_factorstate", "AC-01: A code", "a code that was taken, again",
         touch("accounts_factorstate", "last_step = 100", last_step="99"),
         "INSERT INTO accounts_factorstate (id, user_id, last_step, failures) VALUES (990001, {nobody}, 0, 0)",
         touch("accounts_factorstate", "id = 990001", last_step="100"), shielded=True),
    says("accounts_passwordlock", "AC-07: A lock that was", "a lock that was released is back",
         touch("accounts_passwordlock", "released_at IS NOT NULL", released_at="NULL"), A_LOCK,
         touch("accounts_passwordlock", released_at="now()", released_by_id="{user_administrator}"), shielded=True),
    says("cases_evidence", "FR-10: A lead does not stay", "an exhibit withdrawn under a mark",
         "UPDATE cases_evidence SET withdrawn_at = now(), withdrawn_reason = 'Another day', withdrawn_by_id = added_by_id "
         "WHERE id = (SELECT k.evidence_id FROM leads_corroboration k JOIN leads_lead l ON l.id = k.lead_id "
         "WHERE l.number = '{marked}' LIMIT 1)"),
    says(USER, "AC-10: No account", "a superuser", touch(USER, is_superuser="true")),
    says(USER, "AC-10: Only an account", "the admin for an investigator",
         touch(USER, "id = {user_investigator}", is_staff="true")),
]  # fmt: skip
