"""Attacks on searches, candidates, examinations and the gallery."""

from tests.attacks.attack import Attack
from tests.attacks.guards import Guard, every_guard
from tests.attacks.made import clone
from tests.attacks.table_accounts import managed
from tests.attacks.who_acts import STRICTLY
from tests.attacks.written import amended, breaks, says, touch

SEARCH, CANDIDATE, EXAMINATION = "leads_searchrequest", "leads_candidate", "leads_examination"
QUEUED = "state = 'queued' AND case_id = {case_id}"
CERTIFIED, OPEN_CASE = "FR-01: Only an investigator with", "FR-02: A search needs an open case"
ASSIGNED, FACTS = "FR-02: Only an investigator assigned", "FR-02: The facts"
NUMBERED, OWN = "FR-02: A search needs a case", "FR-02: The offense of a search"
OFFENSE, STILL, NAMED = "FR-02: The offense is not", "FR-03: A probe is one still image", "AC-09: Who asked"

SUSPENDED = (
    "UPDATE accounts_trainingcertificate SET suspended_at = now(), suspended_reason = 'A question came up', "
    "suspended_by_id = {user_administrator} "
    "WHERE holder_id = (SELECT requested_by_id FROM leads_searchrequest WHERE state = 'queued' AND case_id = {case_id} LIMIT 1)"
)
CLOSED = "UPDATE cases_case SET status = 'closed', closed_at = now() WHERE id = {case_id}"
UNTIED = (
    "UPDATE cases_incidentnumber SET withdrawn_at = now(), withdrawn_reason = 'Another night', withdrawn_by_id = entered_by_id "
    "WHERE case_id = {case_id}"
)
ANOTHER_OFFENSE = (
    "(SELECT max(n.code) FROM cases_nibrsoffense n, cases_case k WHERE n.crime_against = 'property' AND k.id = {case_id} "
    "AND n.code <> k.offense_id)"
)
OTHER_OFFENSE = f"UPDATE cases_case SET offense_id = {ANOTHER_OFFENSE} WHERE id = {{case_id}}"
UNASSIGNED = "UPDATE cases_caseassignment SET ended_at = now(), ended_by_id = assigned_by_id WHERE case_id = {case_id}"
NO_PROBE = (
    "UPDATE cases_evidence SET withdrawn_at = now(), withdrawn_reason = 'Another day', withdrawn_by_id = added_by_id "
    "WHERE id = (SELECT probe_id FROM leads_searchrequest WHERE state = 'queued' AND case_id = {case_id} LIMIT 1)"
)
NOT_NAMED = "DELETE FROM guardian_userobjectpermission WHERE user_id = {user_investigator}"


def search(**changes: str) -> str:
    """Another search like the one that waits."""
    return clone(SEARCH, QUEUED, **({"serial": "90001"} | changes))


KEPT = """(SELECT c.id FROM leads_candidate c JOIN leads_searchrequest s ON s.id = c.search_id WHERE s.number = '{dark}'
    ORDER BY c.id LIMIT 1)"""  # of a list that nobody has opened who may compare its faces


def examined(**changes: str) -> str:
    """An examination of a candidate that nobody has compared."""
    return clone(EXAMINATION, "position = 1", **({"candidate_id": "{candidate}", "position": "1"} | changes))


DONE = touch(SEARCH, QUEUED, state="'done'", finished_at="now()")


def asked_for(key: str, action: str = "search.request", search: str = "''") -> str:
    """The door's answer to a search, for a row of the same transaction; `search` is SQL for its key, if it has one."""
    return clone("policy_decision", id=key, actor_id="{user_investigator}", action=f"'{action}'", outcome="'allowed'",
                 subject_type="'leads.searchrequest'", subject_id=search)  # fmt: skip


def replayed(search: str, **changes: str) -> tuple[str, str]:
    """A replay of a search (SQL for its key), through the door."""
    by = {"search_id": search, "by_id": "{user_investigator}", "decision_id": "990023"}
    return asked_for("990023", "search.replay", f"{search}::text"), clone("leads_searchreplay", **(by | changes))


def ended(search: str, **result: str) -> str:
    """A search that waits is done, with its whole result and the door's answer."""
    return f"{asked_for('990021', 'search.run', its_key(search))}; {with_result(search, **result)}"


def its_key(search: str) -> str:
    """SQL for the key of the first search that fits, as text."""
    return f"(SELECT min(id)::text FROM {SEARCH} WHERE {search})"


def with_result(search: str, **changes: str) -> str:
    """The row's step alone, of a search for nobody in the gallery."""
    reach = f"(SELECT count(*) FROM leads_candidate c WHERE c.search_id = {SEARCH}.id AND c.match_score >= 95)"
    card = "(SELECT max(model_card_id) FROM leads_searchrequest WHERE state = 'done')"
    result = {"state": "'done'", "finished_at": "now()", "model_id": "'ecpd-default-1'", "model_card_id": card,
              "threshold": "95", "gallery_size": "(SELECT count(*) FROM leads_facevector WHERE active)", "above_bar": reach,
              "run_decision_id": "990021", "mode": "'exact'", "probe_embedding": NOBODY}  # fmt: skip
    used = f"FROM leads_facevector v WHERE v.active AND v.model_id = {(result | changes)['model_id']}"
    names = f"SELECT g.name FROM leads_gallerysource g WHERE g.id IN (SELECT v.source_id {used}) ORDER BY g.name"
    result |= {
        "sources": f"to_jsonb(ARRAY({names}))",
        "gallery_watermark": f"(SELECT COALESCE(max(v.face_id), 0) {used})",
    }
    return touch(SEARCH, search, **(result | changes))


NOBODY = "array_fill(0, ARRAY[255]) || 1 || array_fill(0, ARRAY[256])"  # no face of the world is like this probe
NEWEST = "(SELECT max(x.id) FROM leads_candidate x WHERE x.id < 990000)"  # its score fits the gallery as it is
ITS_PROBE = f"(SELECT s.probe_embedding FROM {SEARCH} s JOIN {CANDIDATE} c ON c.search_id = s.id WHERE c.id = {NEWEST})"
FAINTLY = f"public.l2_normalize({ITS_PROBE} + ({NOBODY.replace('|| 1 ||', '|| 10 ||')})::public.halfvec)"


def listed(search: str, **changes: str) -> str:
    """The newest candidate in the list of a search for the same face, as the card scores it."""
    return clone(CANDIDATE, f"o.id = {NEWEST}", **({"id": "990001", "search_id": search} | changes))


def found_again(search: str, **changes: str) -> str:
    """The row's step of a search for the newest candidate's face."""
    return with_result(search, **({"probe_embedding": ITS_PROBE} | changes))


_BY_THE_CARD = (
    "(SELECT trunc({}(public.ecpd_match_score(fit, o.cosine, (SELECT count(*) FROM leads_facevector WHERE active)))::numeric, 3)"
    " FROM leads_modelcard m CROSS JOIN LATERAL jsonb_array_elements(m.content -> 'fits') fit WHERE m.id = (SELECT min(f.id) "
    "FROM leads_modelcard f))"
)


def again(candidate: str, key: str, **changes: str) -> tuple[str, ...]:
    """Another search for the probe of a candidate (SQL for its key), done; `key` is the key of it and of its one candidate.

    The gallery has grown since the first: the card scores the candidate anew.
    """
    scores = {"match_score": _BY_THE_CARD.format("min"), "score_high": _BY_THE_CARD.format("max")}
    probe = (
        f"(SELECT s.probe_embedding FROM {SEARCH} s JOIN {CANDIDATE} c ON c.search_id = s.id WHERE c.id = {candidate})"
    )
    return (
        asked_for(f"{key}20"), search(id=key, serial=key, decision_id=f"{key}20", **changes),
        clone(CANDIDATE, f"o.id = {candidate}", id=key, search_id=key, rank="1", **scores),
        asked_for(f"{key}21", "search.run", f"'{key}'"),
        with_result(f"id = {key}", probe_embedding=probe, run_decision_id=f"{key}21"),
    )  # fmt: skip


WAITING = f"(SELECT id FROM {SEARCH} WHERE {QUEUED} LIMIT 1)"
RAN = asked_for("990021", "search.run", its_key(QUEUED))
FOUND = clone(
    CANDIDATE, search_id="(SELECT id FROM leads_searchrequest WHERE state = 'queued' AND case_id = {case_id} LIMIT 1)"
)


def while_it_waits(table: str, statement: str, words: str) -> list[Attack]:
    """What changed between asking and running: each stops the search, or its candidates, in the database too."""
    changed = {
        CERTIFIED: SUSPENDED,
        OPEN_CASE: CLOSED,
        ASSIGNED: UNASSIGNED,
        NUMBERED: UNTIED,
        STILL: NO_PROBE,
        NAMED: NOT_NAMED,
    }
    titles = {CERTIFIED: "certificate suspended", OPEN_CASE: "case closed", ASSIGNED: "taken off the case",
              NUMBERED: "its number taken back",
              STILL: "probe withdrawn", NAMED: "access taken away"}  # fmt: skip
    return [
        Attack(f"{titles[sentence]}, {words}", said(table, sentence, late=True), statement, (before,), shielded=True)
        for sentence, before in changed.items()
    ]


def said(table: str, sentence: str, *, late: bool) -> Guard:
    """The guard with this sentence that looks at a request (early), or at what has changed since (late).

    Raises StopIteration when there is none.
    """
    found = [one for one in every_guard() if one.table == table and one.sentence.startswith(sentence)]
    return next(one for one in found if ("still" in one.name) == late)


def at_the_request(sentence: str, title: str, statement: str, *before: str) -> Attack:
    """An attack on the guard that looks at a new request."""
    return Attack(title, said(SEARCH, sentence, late=False), statement, before, shielded=True)


UNASKED = (
    "(SELECT c.id FROM leads_candidate c WHERE NOT EXISTS (SELECT 1 FROM leads_examinationrequest r WHERE r.candidate_id = "
    "c.id AND r.state = 'open') ORDER BY c.id LIMIT 1)"
)
ONCE_EXAMINED = (
    "(SELECT e.candidate_id FROM leads_examination e WHERE e.examiner_id = {user_investigator} AND NOT EXISTS (SELECT 1 "
    "FROM leads_examinationrequest r WHERE r.candidate_id = e.candidate_id) ORDER BY e.candidate_id LIMIT 1)"
)
SECOND = clone(EXAMINATION, "position = 1", position="2", candidate_id="(SELECT candidate_id FROM leads_examinationrequest "
               "WHERE id = {asked})", examiner_id="(SELECT examiner_id FROM leads_examinationrequest WHERE id = {asked})",
               certificate_id="(SELECT t.id FROM accounts_trainingcertificate t JOIN leads_examinationrequest r ON "
               "r.examiner_id = t.holder_id WHERE r.id = {asked} ORDER BY t.id DESC LIMIT 1)")  # fmt: skip
ITS_PHOTO = ("(SELECT p.sha256 FROM leads_candidate c JOIN leads_galleryface f ON f.id = c.face_id JOIN leads_galleryphoto p "
             "ON p.id = f.photo_id ORDER BY c.id LIMIT 1)")  # fmt: skip
OPTED_OUT = clone("leads_optout", sha256=ITS_PHOTO, withdrawn_at="NULL", withdrawn_by_id="NULL", withdrawn_reason="''")
SOURCE_GONE = ("UPDATE leads_gallerysource SET withdrawn_at = now(), withdrawn_by_id = {user_captain}, withdrawn_reason = 'Its "
               "terms changed' WHERE withdrawn_at IS NULL")  # fmt: skip
IN_THE_CASE = "object_pk = '{case_id}'"
THE_ASKED = "(SELECT examiner_id FROM leads_examinationrequest WHERE id = {asked})"


def asks(**changes: str) -> str:
    """A second examination is asked for of somebody who can be blind, drawn by lot."""
    candidate = changes.get("candidate_id", ONCE_EXAMINED)
    right = {
        "lot_size": f"(SELECT count(*) FROM public.ecpd_lot({candidate}))",
        "state": "'open'",
        "asked_by_id": "{user_captain}",
        "examiner_id": "{colleague}",
        "candidate_id": ONCE_EXAMINED,
    }
    return clone("leads_examinationrequest", **(right | changes))


def looked(person: str, action: str) -> str:
    """The door let this person do something in the case."""
    return clone("policy_decision", actor_id=person, action=f"'{action}'", outcome="'allowed'",
                 case_number="(SELECT k.case_number FROM cases_case k WHERE k.id = {case_id})")  # fmt: skip


ASKED = asks()
COLLEAGUES_CASE = "(SELECT min(k.id) FROM cases_case k WHERE k.opened_by_id = {colleague})"
TIED = clone("cases_caselink", "withdrawn_at IS NULL", case_id="{case_id}", other_id=COLLEAGUES_CASE,
             entered_by_id="{user_captain}")  # fmt: skip
PUT_ON = clone("cases_caseassignment", "ended_at IS NULL", user_id="{colleague}")
LET_IN = clone("guardian_userobjectpermission", IN_THE_CASE, user_id="{colleague}")
DONES = f"(SELECT d.{{}} FROM {SEARCH} d WHERE d.state = 'done' ORDER BY d.id LIMIT 1)"
MOVED = "jsonb_set(d.face -> 'box', '{0}', to_jsonb((d.face #>> '{box,0}')::numeric + 1))"
UNMEASURED = '{"quality": {"measures": [], "passed": false}}'
FOUND_ON = {"finished_at": "now()", "state": "'done'", "width": "80", "height": "80",
            "faces": f"(SELECT jsonb_build_array(d.face || '{UNMEASURED}') FROM {SEARCH} d WHERE d.state = 'done' ORDER BY d.id "
            "LIMIT 1)"}  # fmt: skip


def an_edit(**look: str) -> tuple[str, ...]:
    """A brighter copy of the picture of a search that is done, its look for faces done; `look` is what that noted."""
    return (*EDITED, clone("leads_probefaces", evidence_id="990002", model_id="'attack'"),
            touch("leads_probefaces", "evidence_id = 990002", **(FOUND_ON | look)))  # fmt: skip


def of_the_edit(box: str = "") -> tuple[str, ...]:
    """A search for a face of that copy, asked for and about to be done; where the first search's face is, or in this box."""
    face = DONES.format(f"""face || '{{"box": {box}}}'""" if box else "face")
    row = clone(SEARCH, QUEUED, id="990001", serial="90001", decision_id="990020", probe_id="990002", face=face)
    return asked_for("990020"), row, asked_for("990021", "search.run", "'990001'")


def found_at(box: str) -> str:
    """SQL for the faces of a look that found one, in this box."""
    face = f'"box": {box}, "landmarks": [], "letter": "A", "ordinal": 0, "score": 1'
    return f"""'[{{{face}, {UNMEASURED[1:-1]}}}]'"""


ANOTHER_LOOK = clone("leads_probefaces", evidence_id="990002", model_id="'another'")
EDITED = (
    clone("cases_storedfile", "starts_with(o.media_type, 'image/')", id="990031", sha256="md5('an') || md5('edit')"),
    clone(
        "cases_evidence",
        f"o.id = {DONES.format('probe_id')}",
        id="990002",
        number="990",
        file_id="990031",
        derived_from_id="o.id",
        derivation="'Brighter'",
    ),
)
LEAST = f"(SELECT min(x.id) FROM {CANDIDATE} x)"
A_FACE = clone("leads_galleryface", id="990001", photo_id="990001")
ANOTHERS_CARD = clone("leads_modelcard", id="990001", sha256="md5('a') || md5('card')", model_id="'another'",
                      created_by_id="{user_administrator}")  # fmt: skip
NEW_DIGEST = "md5('another') || md5('picture')"
EXAMINED_ONCE = "(SELECT candidate_id FROM leads_examination GROUP BY 1 HAVING count(*) = 1 ORDER BY 1 LIMIT 1)"

ANOTHER_PHOTO = clone("leads_galleryphoto", id="990001", file_id="NULL", sha256=NEW_DIGEST)


def answers(case: str, captain: str, accepted: str) -> tuple[str, str]:
    """(the row of) a captain's answer to a case that who searches opened, and the door's answer that stands before it."""
    return (
        clone("leads_caseacceptance", case_id=case, captain_id=captain, accepted=accepted, decision_id="990041",
              reason="'Dispatch told me of it'"),
        clone("policy_decision", id="990041", actor_id=captain, action="'case.accept'", outcome="'allowed'",
              subject_type="'cases.case'", subject_id=f"'{case}'"),
    )  # fmt: skip


IN_HIS_CASE = "state = 'queued' AND case_id = {own_case_id}"
IN_A_LATE_CASE = "state = 'queued' AND case_id = {late_case_id}"
HIS_REFUSED = tuple(reversed(answers("{own_case_id}", "{user_visitor}", "false")))
REFUSED_HIM, TOO_LATE = "FR-02: A captain refused", "FR-02: No captain accepted"
VEILED = clone("leads_veil", search_id="{own_search}", ground="'late'")


def of_his(where: str) -> str:
    """Another search like the one that waits there."""
    return clone(SEARCH, where, serial="90001")


def into(where: str) -> str:
    """A candidate for the search that waits there."""
    return clone(CANDIDATE, search_id=f"(SELECT id FROM {SEARCH} WHERE {where} LIMIT 1)")


SELF_OPENED = [
    at_the_request(REFUSED_HIM, "by who opened a case that was refused", of_his(IN_HIS_CASE), *HIS_REFUSED),
    at_the_request(TOO_LATE, "by who opened a case that nobody accepted", of_his(IN_A_LATE_CASE)),
    *[
        Attack(f"its opener's case {words}", said(table, sentence, late=True), statement, before, shielded=True)
        for words, sentence, where, before in (
            ("was refused since", REFUSED_HIM, IN_HIS_CASE, HIS_REFUSED),
            ("was not accepted in time", TOO_LATE, IN_A_LATE_CASE, ()),
        )
        for table, statement in (
            (SEARCH, touch(SEARCH, where, state="'done'", finished_at="now()")),
            (CANDIDATE, into(where)),
        )
    ],
    says(
        "leads_lead",
        "FR-02: A case that its requester",
        "made of a search that waits for a captain",
        clone("leads_lead", "state = 'open'", serial="90001", candidate_id="{own_candidate}"),
        shielded=True,
    ),
    says(
        "leads_caseacceptance",
        "FR-02: Who opened",
        "accepted by who opened another case of the matter",
        *answers("{own_case_id}", "{user_visitor}", "true"),
        clone(
            "cases_case",
            "id = {own_case_id}",
            id="990051",
            serial="90051",
            case_number="'20-990051'",
            opened_by_id="{user_visitor}",
        ),
        clone(
            "cases_caselink",
            "withdrawn_at IS NULL",
            case_id="{own_case_id}",
            other_id="990051",
            entered_by_id="{user_captain}",
        ),
        shielded=True,
    ),
    says(
        "leads_caseacceptance",
        "FR-02: A captain accepts",
        "accepted by the chief",
        *answers("{own_case_id}", "{user_chief}", "true"),
        shielded=True,
    ),
    says(
        "leads_caseacceptance",
        "FR-02: This case is",
        "refused after it was accepted",
        *answers("{case_id}", "{user_visitor}", "false"),
        shielded=True,
    ),
    says(
        "leads_caseacceptance",
        "FR-02: This case is",
        "refused twice",
        *answers("{refused_case_id}", "{user_visitor}", "false"),
        shielded=True,
    ),
    says("leads_veil", "FR-02: A result is veiled", "veiled while a captain's word is awaited", VEILED, shielded=True),
    says(
        "leads_veil",
        "FR-02: Who was drawn",
        "veiled while somebody is drawn",
        clone("leads_veil", search_id="{own_once_search}", ground="'refused'"),
        asks(candidate_id="{own_once}"),
        *HIS_REFUSED,
        shielded=True,
    ),
    says(
        "leads_examinationrequest",
        "FR-02: Nobody compares",
        "drawn for what is veiled",
        asks(candidate_id="{refused_once}"),
        shielded=True,
    ),
    says(
        EXAMINATION,
        "FR-02: Nobody compares",
        "compared though veiled",
        examined(candidate_id="{refused_new}"),
        shielded=True,
    ),
    says("leads_veil", "FR-02: A result is veiled", "late, where it was refused", VEILED, *HIS_REFUSED, shielded=True),
]

ATTACKS = [
    *SELF_OPENED,
    at_the_request(CERTIFIED, "by a captain", search(requested_by_id="{user_captain}")),
    says(SEARCH, "AC-09: What a row of a case", "a search of another case, once more",
         search(case_id="{other_case_id}", rerun_of_id="o.id"), shielded=True),
    at_the_request(OPEN_CASE, "in a closed case", search(), CLOSED),
    at_the_request(ASSIGNED, "by somebody who is not on the case", search(requested_by_id="{user_outsider}")),
    at_the_request(FACTS, "for no reason", search(facts="'He did it.'")),
    at_the_request(OFFENSE, "for a drug offense",
                   search(offense_id="(SELECT code FROM cases_nibrsoffense WHERE crime_against = 'society' LIMIT 1)")),
    at_the_request(NUMBERED, "in a case that nobody outside knows", search(), UNTIED),
    at_the_request(OWN, "for an offense that is not the case's own", search(offense_id=ANOTHER_OFFENSE)),
    at_the_request(STILL, "with a lift as its probe",
                   search(probe_id="(SELECT id FROM cases_evidence WHERE kind = 'fingerprint' ORDER BY id LIMIT 1)")),
    *while_it_waits(SEARCH, DONE, "and it ends"),
    *while_it_waits(CANDIDATE, FOUND, "and a candidate comes in"),
    Attack("the manual asks for more words, and it ends", said(SEARCH, FACTS, late=True), DONE,
           amended("search_reason_min_chars", "900"), shielded=True),
    Attack("the manual asks for more words, and a candidate comes in", said(CANDIDATE, FACTS, late=True), FOUND,
           amended("search_reason_min_chars", "900"), shielded=True),
    Attack("the class is no longer allowed, and it ends", said(SEARCH, OFFENSE, late=True), DONE,
           amended("fr_offence_classes", '["person"]'), shielded=True),
    Attack("the class is no longer allowed, and a candidate comes in", said(CANDIDATE, OFFENSE, late=True), FOUND,
           amended("fr_offence_classes", '["person"]'), shielded=True),
    Attack("the case's offense is another, and it ends", said(SEARCH, OWN, late=True), DONE, (OTHER_OFFENSE,), shielded=True),
    Attack("the case's offense is another, and a candidate comes in", said(CANDIDATE, OWN, late=True), FOUND,
           (OTHER_OFFENSE,), shielded=True),
    breaks(SEARCH, "fr_02_purpose", "out of curiosity", search(purpose="'curious'")),
    breaks(SEARCH, "fr_04_quality_or_words", "a bad picture without words",
           search(quality_passed="false", justification="''")),
    breaks(SEARCH, "fr_14_done_has_its_result", "done with nothing found", DONE),
    breaks(SEARCH, "fr_14_done_has_its_result", "done by nobody's decision", ended("id = 990001").partition("; ")[2],
           asked_for("990021", "search.run"), search(id="990001")),
    says(SEARCH, "FR-04: A face passes", "passed without a measure",
         search(quality="""'{"passed": true, "measures": []}'::jsonb"""), shielded=True),
    says(SEARCH, "FR-04: A face passes", "passed with one measure five times",
         search(quality="(SELECT jsonb_build_object('measures', jsonb_agg('{\"name\": \"yaw\", \"value\": 1}'::jsonb)) "
                "FROM generate_series(1, 5))"), shielded=True),
    says(SEARCH, "FR-04: A face passes", "passed too small for the manual",
         search(quality="""jsonb_set(o.quality, '{measures,0,value}', '12')"""), shielded=True),
    says(SEARCH, "FR-04: A face passes", "passed under an older manual", search(),
         *amended("quality_eye_distance_min_px", "199"), shielded=True),
    says(SEARCH, "FR-07: The bar", "a lower bar than the manual's", with_result(QUEUED, threshold="50"),
         RAN, shielded=True),
    says(SEARCH, "FR-07: How many", "nobody reached the bar, who did", with_result(QUEUED, above_bar="7"),
         RAN, shielded=True),
    says(SEARCH, "FR-07: A search is scored", "by a card that is not in force", with_result(QUEUED, model_card_id="990001"),
         RAN, clone("leads_modelcard", id="990001", sha256="md5('a') || md5('card')", created_by_id="{user_administrator}"),
         shielded=True),
    says(SEARCH, "FR-07: A search is scored", "by the card of another model", with_result(QUEUED, model_id="'another'"),
         RAN, shielded=True),
    says(SEARCH, "FR-07: A search is scored", "by the first card of a model that nobody announced",
         with_result(QUEUED, model_id="'another'", model_card_id="990001", gallery_size="0"), RAN, ANOTHERS_CARD,
         shielded=True),
    says("leads_modelcard", "FR-07: A model card is kept", "kept by nobody", clone("leads_modelcard", created_by_id="NULL"),
         shielded=True),
    says(SEARCH, "FR-07: A search is done by", "done without a template", with_result(QUEUED, probe_embedding="NULL"), RAN,
         shielded=True),
    says(SEARCH, "FR-07: A search is done by", "done with a template twice as long",
         with_result(QUEUED, probe_embedding=NOBODY.replace("|| 1 ||", "|| 2 ||")), RAN, shielded=True),
    says(SEARCH, "FR-07: A search is done by", "done by no exact comparison", with_result(QUEUED, mode="'bits'"), RAN,
         shielded=True),
    says(SEARCH, "FR-07: The same face", "the same picture with another template", with_result("id = 990001"),
         asked_for("990020"), clone(SEARCH, f"{QUEUED}", id="990001", serial="90001", decision_id="990020", probe_id=DONES.format(
             "probe_id"), face=DONES.format("face")), asked_for("990021", "search.run", "'990001'"), shielded=True),
    says(SEARCH, "FR-07: The same face", "the same face, its box a pixel to the right", with_result("id = 990001"),
         asked_for("990020"), clone(SEARCH, f"{QUEUED}", id="990001", serial="90001", decision_id="990020", probe_id=DONES.format(
             "probe_id"), face=DONES.format(f"face || jsonb_build_object('box', {MOVED})")),
         asked_for("990021", "search.run", "'990001'"), shielded=True),
    says(SEARCH, "FR-07: The face of a search", "a face that lies nowhere", with_result("id = 990001"), asked_for("990020"),
         clone(SEARCH, f"{QUEUED}", id="990001", serial="90001", decision_id="990020",
               face="o.face || '{\"box\": [1, 1, 0, 9]}'"), asked_for("990021", "search.run", "'990001'"), shielded=True),
    *[
        says(SEARCH, "FR-07: An edit of a picture", f"another man's face in an edit of the picture{words}",
             with_result("id = 990001"), *an_edit(**look), *of_the_edit(), shielded=True)
        for words, look in {"": {}, ", said to be a pixel wider": {"width": "81"}}.items()
    ],
    says(SEARCH, "FR-07: Nobody looked for faces", "an edit on which nobody looked", with_result("id = 990001"), *EDITED,
         *of_the_edit(), shielded=True),
    says(SEARCH, "FR-07: Nobody looked for faces", "an edit at which nobody has looked yet", with_result("id = 990001"), *EDITED,
         clone("leads_probefaces", evidence_id="990002", model_id="'attack'"), *of_the_edit(), shielded=True),
    *[
        says(SEARCH, "FR-07: A search is for a face", title, with_result("id = 990001"), *an_edit(faces=there), *later,
             *of_the_edit(box), shielded=True)
        for title, there, box, *later in (
            ("a face outside of the picture", found_at("[-100000, 1, 9, 9]"), "[-100000, 1, 9, 9]"),
            ("a face where none was found", found_at("[1, 1, 9, 9]"), "[40, 40, 9, 9]"),
            ("a face on a picture without one", "'[]'", "[1, 1, 9, 9]"),
            ("a face that a later look found", "'[]'", "[1, 1, 9, 9]", ANOTHER_LOOK,
             touch("leads_probefaces", "evidence_id = 990002 AND state = 'queued'",
                   **(FOUND_ON | {"faces": found_at("[1, 1, 9, 9]")}))),
        )
    ],
    says(SEARCH, "FR-07: The gallery of a search", "of a smaller gallery", with_result(QUEUED, gallery_size="1"), RAN,
         shielded=True),
    says(SEARCH, "FR-07: The sources of a search", "of one source that nobody searched",
         with_result(QUEUED, sources="""'["Another paper"]'::jsonb"""), RAN, shielded=True),
    says(SEARCH, "FR-07: The sources of a search", "of no sources", with_result(QUEUED, sources="'[]'::jsonb"), RAN,
         shielded=True),
    says(SEARCH, "FR-07: The sources of a search", "up to an old face", with_result(QUEUED, gallery_watermark="1"), RAN,
         shielded=True),
    says(SEARCH, "FR-14: A search is asked for", "under an older manual", search(manual_version_id="(SELECT min(v.id) FROM "
         "policy_manualversion v)"), shielded=True),
    says(SEARCH, "FR-07: A list goes", "a list that begins at rank 2", found_again(QUEUED), RAN, listed(WAITING, rank="2"),
         shielded=True),
    says(SEARCH, "FR-07: A list goes", "a longer list than the manual's", found_again(QUEUED), RAN, listed(WAITING),
         clone(CANDIDATE, f"o.id = {LEAST}", id="990002", search_id=WAITING, rank="2", cosine="0", match_score="0",
               score_high="0"), *amended("candidate_list_length", "1"), shielded=True),
    says(SEARCH, "FR-07: How similar", "a list for another template", with_result(QUEUED), RAN, listed(WAITING), shielded=True),
    says(SEARCH, "FR-07: How similar", "a more similar candidate", found_again(QUEUED), RAN, listed(WAITING, cosine="0.9"),
         shielded=True),
    says(SEARCH, "FR-06: Somebody who opted out", "one who opted out since the list", found_again(QUEUED), RAN,
         listed(WAITING), OPTED_OUT.replace(ITS_PHOTO, ITS_PHOTO.replace("ORDER BY c.id", "ORDER BY c.id DESC")),
         shielded=True),
    says(SEARCH, "FR-07: A match score", "a better score", found_again(QUEUED), RAN, listed(WAITING, match_score="99.9"),
         shielded=True),
    says(SEARCH, "FR-07: A match score", "a milder high end", found_again(QUEUED), RAN, listed(WAITING, score_high="100"),
         shielded=True),
    *[
        says(SEARCH, "FR-07: What a list says", f"another {key}", found_again(QUEUED), RAN,
             listed(WAITING, snapshot=f"jsonb_set(o.snapshot, ARRAY['{key}'], '{value}')"), shielded=True)
        for key, value in {"published_name": '"Another Man"', "sha256": '"0000"', "source": '"Another paper"',
                           "source_url": '"https://other.example"', "caption": '"At the counter"',
                           "captured_on": '"2026-11-04"', "box": "[1, 1, 2, 2]", "synthetic": "true"}.items()
    ],
    says(SEARCH, "FR-07: How far", "it stands out as no list does", found_again(QUEUED), RAN, listed(WAITING, standout="40"),
         shielded=True),
    says(SEARCH, "FR-07: Nobody is left out", "nobody found, who is there", found_again(QUEUED), RAN, shielded=True),
    says(SEARCH, "FR-14: A list is as long", "nobody found, where some are a little similar",
         with_result(QUEUED, probe_embedding=FAINTLY), RAN, shielded=True),
    says(SEARCH, "FR-04: A face passes", "passed turned the other way",
         search(quality="""jsonb_set(o.quality, '{measures,2,value}', '-60')"""), shielded=True),
    says(SEARCH, "FR-04: A face passes", "passed sharper than can be",
         search(quality="""jsonb_set(o.quality, '{measures,1,value}', '7')"""), shielded=True),
    says(SEARCH, "FR-14: A search that is over", "another threshold afterwards",
         touch(SEARCH, "number = '{search}'", threshold="12")),
    says(CANDIDATE, "FR-06: A photo", "one who opted out",
         clone(CANDIDATE, search_id=WAITING),
         OPTED_OUT, shielded=True),
    says(CANDIDATE, "FR-05: Only a face", "of a source that was withdrawn", FOUND, SOURCE_GONE, shielded=True),
    says(CANDIDATE, "FR-05: Only a face", "a face that was never measured",
         FOUND.replace('o."face_id"', "990001"), ANOTHER_PHOTO, A_FACE, shielded=True),
    says("leads_galleryphoto", "FR-05: A source that", "into a source that was withdrawn",
         clone("leads_galleryphoto", file_id="NULL", sha256=NEW_DIGEST), SOURCE_GONE, shielded=True),
    says(CANDIDATE, "FR-14: The list", "into a list that is closed", clone(CANDIDATE, rank="40", face_id="o.face_id"),
         shielded=True),
    says(EXAMINATION, "FR-22: An examination", "with one answer",
         examined(components="jsonb_build_object('eyes', jsonb_build_object('value', 'similar', 'note', ''))"),
         shielded=True),
    says(EXAMINATION, "FR-22: An examination", "an exclusion that leaves everything open",
         examined(conclusion="'exclude'", components="(SELECT jsonb_object_agg(key, '{\"value\": \"left_open\", \"note\": "
                  "\"\"}'::jsonb) FROM jsonb_object_keys(o.components) key)"), shielded=True),
    says(EXAMINATION, "FR-22: An examination", "something left open by what excludes nobody",
         examined(conclusion="'inconclusive'", components="o.components || '{\"nose\": {\"value\": \"different\", \"note\": "
                  "\"Broader\"}, \"ears\": {\"value\": \"left_open\", \"note\": \"\"}}'"), shielded=True),
    says(EXAMINATION, "FR-22: Every difference", "a difference nobody explains",
         examined(components="jsonb_set(o.components, '{nose}', '{\"value\": \"different\", \"note\": \"\"}')"),
         shielded=True),
    says(EXAMINATION, "FR-22: A possible match", "a match of what nobody can see",
         examined(components="(SELECT jsonb_object_agg(key, '{\"value\": \"not_visible\", \"note\": \"\"}'::jsonb) FROM "
                  "jsonb_object_keys(o.components) key)"), shielded=True),
    says("leads_examinationrequest", "FR-08: Who is or was", "asked of who was on the case",
         clone("leads_examinationrequest", state="'open'", asked_by_id="{user_captain}", examiner_id="{colleague}",
               candidate_id="{candidate}"),
         clone("cases_caseassignment", "ended_at IS NULL", user_id="{colleague}"),
         touch("cases_caseassignment", "user_id = {colleague}", ended_at="now()", ended_by_id="{user_captain}")),
    says("leads_examinationrequest", "FR-08: Who is or was", "asked of who may see the case by name",
         clone("leads_examinationrequest", state="'open'", asked_by_id="{user_captain}", examiner_id="{colleague}",
               candidate_id="{candidate}"),
         clone("guardian_userobjectpermission", IN_THE_CASE, user_id="{colleague}")),
    says("leads_examinationrequest", "FR-08: Who is or was", "asked of who might see the case by name once", asks(), LET_IN,
         "DELETE FROM guardian_userobjectpermission WHERE user_id = {colleague} AND object_pk = '{case_id}'"),
    says("leads_examinationrequest", "FR-08: Who is or was", "asked of who is on another case of the matter", asks(), TIED),
    says("leads_examinationrequest", "FR-08: Who examined this", "asked of who examined the face under another search",
         asks(candidate_id="990001"), RAN, listed(WAITING), found_again(QUEUED), examined(candidate_id="990001")),
    says(EXAMINATION, "FR-08: Who examined this", "the second by who examined the face under another search",
         examined(candidate_id="990001", position="2", examiner_id="{colleague}", certificate_id="(SELECT id FROM "
                  "accounts_trainingcertificate WHERE holder_id = {colleague})"),
         RAN, listed(WAITING), found_again(QUEUED), examined(candidate_id="990001"), shielded=True),
    says("cases_caseassignment", "FR-08: Who is asked", "put on another case of the matter while blind",
         clone("cases_caseassignment", "o.ended_at IS NULL AND o.case_id = " + COLLEAGUES_CASE, user_id=THE_ASKED), TIED),
    says("leads_examinationrequest", "FR-08: Who opened", "asked of who looked at the case", asks(),
         looked("{colleague}", "case.view")),
    says("leads_examinationrequest", "FR-08: Who opened", "asked of who added an exhibit", asks(),
         clone("cases_evidence", "o.case_id = {case_id} AND o.kind = 'fingerprint'", number="991", added_by_id="{colleague}")),
    says("leads_examinationrequest", "FR-08: A certified investigator", "asked of a parking officer",
         asks(examiner_id="{user_parking_officer}")),
    says("leads_examinationrequest", "FR-08: A second examination begins", "drawn before the first",
         asks(candidate_id="{candidate}")),
    says("leads_examinationrequest", "FR-08: A second examiner is drawn", "chosen by somebody", asks(lot_size="NULL")),
    says("leads_examinationrequest", "FR-08: A second examiner is drawn", "out of more than there are", asks(lot_size="97")),
    says("leads_examinationrequest", "FR-08: Who was drawn", "replaced for no reason",
         touch("leads_examinationrequest", "id = {asked}", state="'withdrawn'")),
    says("leads_examinationrequest", "FR-08: Who was drawn", "replaced as late before the time is over",
         touch("leads_examinationrequest", "id = {asked}", state="'withdrawn'", replaced_because="'late'")),
    says("leads_examinationrequest", "FR-08: Who was drawn", "replaced as unfit, who is not",
         touch("leads_examinationrequest", "id = {asked}", state="'withdrawn'", replaced_because="'unfit'")),
    says("leads_examinationrequest", "FR-08: Who was drawn", "replaced for a veil that is not there",
         touch("leads_examinationrequest", "id = {asked}", state="'withdrawn'", replaced_because="'veiled'")),
    says("leads_examinationrequest", "FR-08: What a replaced", "replaced without what was filled in",
         touch("leads_examinationrequest", "id = {asked}", state="'withdrawn'", replaced_because="'knows'"),
         "INSERT INTO leads_examinationdraft (candidate_id, examiner_id, data, saved_at) SELECT r.candidate_id, r.examiner_id, "
         "'{\"conclusion\": \"exclude\"}', now() FROM leads_examinationrequest r WHERE r.id = {asked}"),
    says("leads_examinationrequest", "FR-08: A draft comes", "a draft written onto one that is done",
         touch("leads_examinationrequest", "state = 'done'", draft="'{\"conclusion\": \"exclude\"}'")),
    breaks("leads_examinationrequest", "fr_08_replaced_is_withdrawn", "said to be replaced, and asked all the same",
           touch("leads_examinationrequest", "id = {asked}", replaced_because="'late'")),
    says("leads_examinationrequest", "FR-08: Who is or was", "drawn who said that the case is known", asks(),
         asks(id="990001"),
         touch("leads_examinationrequest", "id = 990001", state="'withdrawn'", replaced_because="'knows'"), shielded=True),
    says(EXAMINATION, "FR-08: Who is drawn says", "the second, who never said that nothing is known",
         clone(EXAMINATION, "position = 1", position="2", candidate_id="(SELECT r.candidate_id FROM leads_examinationrequest r "
               "WHERE r.id = 990001)", examiner_id="{colleague}", certificate_id="(SELECT min(t.id) FROM "
               "accounts_trainingcertificate t WHERE t.holder_id = {colleague})"), asks(id="990001"), shielded=True),
    says("leads_examinationrequest", "FR-08: Who asks", "asked by who is not on the case",
         asks(asked_by_id="{user_parking_officer}"), STRICTLY, shielded=True),
    says(EXAMINATION, "FR-08: Who has seen", "the second by who looked at the result meanwhile", SECOND,
         looked(THE_ASKED, "search.view"), shielded=True),
    says(EXAMINATION, "FR-08: The first examiner", "the first by who is not on the case",
         examined(examiner_id="{colleague}", certificate_id="(SELECT id FROM accounts_trainingcertificate WHERE holder_id = "
                  "{colleague})"), STRICTLY, shielded=True),
    says(EXAMINATION, "FR-08: Who opened a list", "the first by who opened the list before", examined(),
         clone("policy_decision", id="990060", actor_id="{user_investigator}", action="'candidates.open'", outcome="'allowed'",
               subject_type="'leads.searchrequest'",
               subject_id="(SELECT c.search_id::text FROM leads_candidate c WHERE c.id = {candidate})"), shielded=True),
    says("cases_caseassignment", "FR-08: Who is asked", "put on the case while blind",
         clone("cases_caseassignment", "ended_at IS NULL", user_id=THE_ASKED)),
    says("guardian_userobjectpermission", "FR-08: Who is asked", "let into the case while blind",
         clone("guardian_userobjectpermission", IN_THE_CASE, user_id=THE_ASKED)),
    says("guardian_userobjectpermission", "AC-09: What it belongs to", "let into a case that is not there",
         clone("guardian_userobjectpermission", IN_THE_CASE, object_pk="'4711'")),
    says(EXAMINATION, "FR-18: An examiner", "nothing that does not fit", examined(does_not_fit="''"), shielded=True),
    says(EXAMINATION, "FR-22: A conclusion", "based on nothing", examined(basis="''"), shielded=True),
    breaks(EXAMINATION, "fr_22_conclusions", "identified", examined(conclusion="'identified'")),
    breaks(EXAMINATION, "fr_08_positions", "a third examination", examined(position="3")),
    says(EXAMINATION, "FR-08: An examiner holds", "by one whose certificate is suspended", examined(), SUSPENDED,
         shielded=True),
    says(EXAMINATION, "FR-08: The certificate", "under a colleague's certificate",
         examined(certificate_id="(SELECT id FROM accounts_trainingcertificate WHERE holder_id <> o.examiner_id LIMIT 1)"),
         shielded=True),
    says(EXAMINATION, "FR-08: The certificate", "under a certificate that is over",
         examined(certificate_id="990001"), managed("{user_investigator}", "certificate.issue"),
         clone("accounts_trainingcertificate", "holder_id = {user_investigator}", id="990001", suspended_at="NULL",
         issued_by_id="{user_administrator}", issued_on="o.issued_on - 400", expires_on="o.issued_on - 100"),
         shielded=True),
    says(EXAMINATION, "FR-08: A closed case", "in a closed case", examined(), CLOSED, shielded=True),
    says(EXAMINATION, "FR-08: An investigator examines", "by an auditor", examined(examiner_id="{user_auditor}"),
         shielded=True),
    says(EXAMINATION, "FR-08: Who requested", "the second by who asked",
         examined(candidate_id="(SELECT candidate_id FROM leads_examination WHERE position = 1 ORDER BY id LIMIT 1)",
                  position="2"), shielded=True),
    says(EXAMINATION, "FR-08: The second examination follows", "the second before the first",
         examined(position="2", examiner_id="{colleague}", certificate_id="(SELECT id FROM accounts_trainingcertificate "
                  "WHERE holder_id = {colleague})"), shielded=True),
    says(EXAMINATION, "FR-08: The second examiner", "the second, unasked",
         examined(candidate_id=EXAMINED_ONCE, position="2", examiner_id="{colleague}", certificate_id="(SELECT id FROM "
                  "accounts_trainingcertificate WHERE holder_id = {colleague})"), shielded=True),
    says(EXAMINATION, "FR-08: Who is or was on a case", "the second, by who is on the case",
         examined(candidate_id=EXAMINED_ONCE, position="2", examiner_id="{colleague}", certificate_id="(SELECT id FROM "
                  "accounts_trainingcertificate WHERE holder_id = {colleague})"),
         clone("guardian_userobjectpermission", user_id="{colleague}", object_pk="(SELECT s.case_id::text FROM "
               "leads_candidate c JOIN leads_searchrequest s ON s.id = c.search_id WHERE c.id = " + EXAMINED_ONCE + ")"),
         shielded=True),
    says("leads_examinationrequest", "FR-08: A second examination that", "asked for again",
         touch("leads_examinationrequest", "state = 'done'", state="'open'")),
    says("leads_examinationrequest", "FR-08: The second examination", "done without an answer",
         touch("leads_examinationrequest", "state = 'open'", state="'done'")),
    says(EXAMINATION, "FR-07: Only the list", "of a search that is not done", examined(candidate_id="990001"),
         search(id="990001"), clone(CANDIDATE, id="990001", search_id="990001"), shielded=True),
    says("leads_examinationrequest", "FR-08: Nobody asks", "asked by the examiner",
         clone("leads_examinationrequest", state="'open'", asked_by_id="{user_outsider}", examiner_id="{user_outsider}",
               candidate_id=UNASKED)),
    says("leads_examinationrequest", "FR-08: Who examined it first", "asked of the first examiner",
         clone("leads_examinationrequest", state="'open'", asked_by_id="{user_captain}", examiner_id="{user_investigator}",
               candidate_id=ONCE_EXAMINED), shielded=True),
    says(EXAMINATION, "FR-08: Who was asked", "recorded, and asked for as before", SECOND),
    says("leads_examinationrequest", "FR-08: Who requested", "asked of who searched",
         clone("leads_examinationrequest", state="'open'", asked_by_id="{user_captain}", candidate_id=UNASKED,
               examiner_id=f"(SELECT s.requested_by_id FROM leads_candidate c JOIN {SEARCH} s ON s.id = c.search_id WHERE "
               f"c.id = {UNASKED})")),
    says("leads_galleryphoto", "FR-06: A photo is named by its", "a digest in capitals",
         clone("leads_galleryphoto", file_id="NULL", sha256=f"upper({NEW_DIGEST})")),
    says("leads_galleryphoto", "FR-06: A photo is named by the", "another digest than its file's",
         clone("leads_galleryphoto", "file_id IS NOT NULL", sha256=NEW_DIGEST)),
    says(CANDIDATE, "FR-06: A photo", "a near copy of one who opted out",
         clone(CANDIDATE, search_id=WAITING, face_id="990001"),
         clone("leads_galleryphoto", id="990001", file_id="NULL", sha256=NEW_DIGEST, phash="7"),
         clone("leads_galleryface", id="990001", photo_id="990001"),
         clone("leads_optout", sha256="md5('its') || md5('copy')", phash="6", source_id="(SELECT p.source_id FROM "
               "leads_galleryphoto p WHERE p.id = 990001)", withdrawn_at="NULL", withdrawn_by_id="NULL",
               withdrawn_reason="''"), shielded=True),
    breaks("leads_gallerysource", "fr_05_public_realm_only", "booking photos",
           clone("leads_gallerysource", kind="'booking'", withdrawn_at="NULL")),
    says("leads_galleryphoto", "FR-06: The person", "one who opted out comes in again",
         clone("leads_galleryphoto", sha256="(SELECT sha256 FROM leads_optout LIMIT 1)"), shielded=True),
]  # fmt: skip
