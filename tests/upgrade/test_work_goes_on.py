"""What was under way in the landed version is taken up by the newest: nothing is broken, what people must do is named."""

from ecpd.audit.sealed import sealed_models
from ecpd.doctor.finding import State
from ecpd.policy.manual import PARAMETERS
from leads.models import Lead
from leads.selectors.lead import made_under, with_manual
from tests.upgrade.landed import ALIAS


def _rows(cursor, sql: str, *values) -> list[tuple]:
    cursor.execute(sql, values)
    return cursor.fetchall()


def test_an_open_blind_request_is_withdrawn_and_drawn_anew_among_those_who_know_nothing(filled, upgraded):
    story = filled.story
    sql = "SELECT id, state, examiner_id FROM leads_examinationrequest WHERE candidate_id = %s ORDER BY id DESC LIMIT 2"
    anew, _before = _rows(upgraded, sql, story.candidate)
    assert (anew[1], anew[2]) == ("open", story.people["drawn"])
    assert _rows(upgraded, "SELECT state FROM leads_examinationrequest WHERE id = %s", story.asked) == [("withdrawn",)]


def test_the_new_draw_is_on_the_timeline_and_in_the_log_as_nobodys_act(filled, upgraded):
    lines = _rows(upgraded, "SELECT actor_id, url FROM cases_timelineentry WHERE headline LIKE %s", "%drawn by lot.")
    assert len(lines) == 1 and lines[0][0] is None
    assert lines[0][1].startswith("/searches/S-26-0001/candidates/")
    changes = _rows(upgraded, "SELECT operation FROM audit_auditevent WHERE table_name = 'leads_examinationrequest'"
                    " AND row_id = %s ORDER BY id", str(filled.story.asked))  # fmt: skip
    assert changes == [("G",), ("U",)]


def test_no_request_of_before_stays_open_and_doctor_names_those_for_whom_nobody_was_drawn(filled, upgraded):
    open_now = _rows(upgraded, "SELECT examiner_id FROM leads_examinationrequest WHERE state = 'open'")
    assert {person for (person,) in open_now} == {filled.story.people["drawn"]}
    nobody = _rows(
        upgraded,
        """SELECT s.number || ' candidate ' || c.rank FROM leads_candidate c
        JOIN leads_searchrequest s ON s.id = c.search_id
        JOIN leads_examination e ON e.candidate_id = c.id AND e.position = 1
        WHERE EXISTS (SELECT FROM leads_examinationrequest r WHERE r.candidate_id = c.id AND r.state = 'withdrawn')
          AND NOT EXISTS (SELECT FROM leads_examinationrequest r WHERE r.candidate_id = c.id AND r.state = 'open')
          AND NOT EXISTS (SELECT FROM leads_examination e WHERE e.candidate_id = c.id AND e.position = 2)""",
    )
    found = filled.doctor["second_examinations"]
    assert ("nobody else was drawn" in found.sentence) is bool(nobody)
    assert [name for (name,) in nobody if name not in found.sentence] == []


def test_a_lead_says_the_version_of_the_decision_that_made_it_or_that_none_was_kept(filled, upgraded):
    found = {lead.pk: made_under(lead) for lead in Lead.objects.using(ALIAS).annotate(manual_number=with_manual())}
    assert found[filled.story.lead_with_decision] == f"under version {filled.story.manual} of the manual"
    assert found[filled.story.lead_without] == "before versions of the manual were kept"


def test_an_account_with_roles_that_exclude_each_other_is_named_and_keeps_them(filled, upgraded):
    finding = filled.doctor["sides"]
    assert finding.state is State.WARN and "both (investigator and administrator)" in finding.sentence
    held = _rows(upgraded, "SELECT count(*) FROM accounts_user_groups WHERE user_id = %s", filled.story.people["both"])
    assert held == [(2,)]


def test_every_row_of_before_has_one_genesis_seal(filled, upgraded):
    without, twice = [], []
    for model in sealed_models():
        table, key = model._meta.db_table, model._meta.pk.column
        [(missing,)] = _rows(upgraded, f'SELECT count(*) FROM {table} t WHERE NOT EXISTS (SELECT FROM audit_auditevent e'
                             f' WHERE e.table_name = %s AND e.row_id = t."{key}"::text)', table)  # fmt: skip
        without += [table] * bool(missing)
        [(more,)] = _rows(upgraded, "SELECT count(*) FROM (SELECT FROM audit_auditevent WHERE table_name = %s AND operation"
                          " = 'G' GROUP BY row_id HAVING count(*) > 1) d", table)  # fmt: skip
        twice += [table] * bool(more)
    assert without == []
    assert twice == ["leads_searchrequest"]  # sealed anew when two of its columns became rows of their own


def test_settings_of_the_release_wait_for_the_chief_and_count_meanwhile(filled, upgraded):
    [(waiting,)] = _rows(upgraded, "SELECT changes::text FROM policy_amendment"
                         " WHERE proposed_by_id IS NULL AND state = 'proposed'")  # fmt: skip
    [(named,)] = _rows(upgraded, "SELECT parameters::text FROM policy_manualversion ORDER BY effective_from DESC, id DESC"
                       " LIMIT 1")  # fmt: skip
    new = [name for name in PARAMETERS if f'"{name}":' not in named]
    assert new and all(f'"{name}":' in waiting for name in new)
    for name in new:
        [(now,)] = _rows(upgraded, "SELECT ecpd_parameter(%s)::text", name)
        [(default,)] = _rows(upgraded, "SELECT value::text FROM policy_releasedefault WHERE name = %s", name)
        assert now == default


def test_the_guards_stand_and_old_rows_are_named(filled, upgraded):
    assert filled.doctor["guards"].state is State.OK, filled.doctor["guards"].sentence
    assert filled.doctor["old_rows"].state is State.WARN
