"""Two sessions at once, each blind to what the other has not committed: the second waits, looks anew, and is refused."""

import threading
from collections.abc import Callable

import psycopg
import pytest
from django.db import connection

from cases.services.case import open_case
from ecpd.policy.models import Decision
from leads.models import Candidate
from leads.services import warrant
from tests import waiting
from tests.factories.leads import Agency, agency, linked, made_lead, marked_lead, verified
from tests.logins import login, until_it_waits  # noqa: F401 fixture

pytestmark = pytest.mark.django_db(transaction=True)
GONE = "SET withdrawn_at = now(), withdrawn_by_id = {by}, withdrawn_reason = 'It was another one.'"


def decided(action: str, about: str, which: str, who: str = "by") -> str:
    """The door's answer as a row alone, for what follows in the same transaction."""
    return (
        "INSERT INTO policy_decision (at, actor_id, action, subject_type, subject_id, subject_label, case_number, outcome, "
        f"verdicts, justification, parameters, manual_version_id) SELECT now(), {{{who}}}, '{action}', '{about}', "
        f"'{{{which}}}', '', '', 'allowed', '[]', '', '{{{{}}}}', max(id) FROM policy_manualversion; "
    )


WITHDRAW_LINK = decided("corroboration.withdraw", "leads.lead", "lead") + (
    f"UPDATE leads_corroboration {GONE} WHERE id = {{item}}"
)
WITHDRAW_EXHIBIT = decided("evidence.withdraw", "cases.evidence", "exhibit") + (
    f"UPDATE cases_evidence {GONE} WHERE id = {{exhibit}}"
)
MARK = decided("lead.mark_for_warrant", "leads.lead", "lead") + (
    "UPDATE leads_lead SET state = 'marked', marked_by_id = {by}, marked_at = now() WHERE id = {lead}"
)
ALIBI = decided("exculpatory.add", "leads.lead", "lead") + (
    "INSERT INTO leads_exculpatoryentry (lead_id, kind, what, entered_by_id, origin, entered_at)"
    " VALUES ({lead}, 'alibi', 'Seen in Oakland by an officer', {by}, '', now())"
)
APPROVE = decided("warrant.approve", "leads.warrantapplication", "application", "captain") + (
    "INSERT INTO leads_warrantdecision (application_id, captain_id, outcome, reasons, read_packet, packet_reading_id, at)"
    " VALUES ({application}, {captain}, 'approve', 'It holds.', true, {reading}, now());"
    " INSERT INTO cases_storedfile (sha256, size, media_type, created_at) VALUES (md5('a') || md5('b'), 9, 'application/pdf',"
    " now()); UPDATE leads_warrantapplication SET state = 'approved', decided_at = now(), packet_id = (SELECT id FROM"
    " cases_storedfile WHERE sha256 = md5('a') || md5('b')), packet_sha256 = md5('a') || md5('b') WHERE id = {application};"
    " UPDATE leads_lead SET state = 'approved' WHERE id = {lead}"
)


SUSPENDED = decided("certificate.suspend", "accounts.trainingcertificate", "certificate", "administrator") + (
    "UPDATE accounts_trainingcertificate SET suspended_at = now(), suspended_by_id = {administrator}, suspended_reason = "
    "'He failed the yearly set' WHERE id = {certificate}"
)
SOURCE_GONE = decided("gallery.add_source", "leads.gallerysource", "source", "captain") + (
    "UPDATE leads_gallerysource SET withdrawn_at = now(), withdrawn_by_id = {captain}, withdrawn_reason = 'Not public' "
    "WHERE id = {source}"
)
OPTED_OUT = decided("gallery.opt_out", "leads.optout", "nothing", "captain") + (
    "INSERT INTO leads_optout (sha256, reason, received_on, vendor_confirmation, recorded_by_id, recorded_at, "
    "withdrawn_reason) VALUES ('{sha256}', 'It is me', (now() AT TIME ZONE 'America/Los_Angeles')::date, '', {captain}, now(), "
    "'')"
)
REPLAYED = decided("search.replay", "leads.searchrequest", "search") + (
    "INSERT INTO leads_searchreplay (search_id, by_id, at, same, differs, decision_id) SELECT {search}, {by}, now(), false, "
    "'Another man is first', max(id) FROM policy_decision"
)
LINKED = decided("case.tie", "cases.case", "other", "opener") + (
    "INSERT INTO cases_caselink (case_id, other_id, why, entered_by_id, entered_at, withdrawn_reason) "
    "VALUES ({other}, {case}, 'The same cap', {opener}, now(), '')"
)
NUMBERED = decided("case.tie", "cases.case", "other", "opener") + (
    "INSERT INTO cases_incidentnumber (case_id, system, number, entered_by_id, entered_at, withdrawn_reason) "
    "VALUES ({other}, 'records', '26014233', {opener}, now(), '')"
)
OPENED = decided("warrant.packet", "leads.warrantapplication", "application", "captain") + (
    "INSERT INTO leads_packetreading (application_id, reader_id, version, parts, decision_id, at) SELECT {application}, "
    "{captain}, r.version, r.parts, (SELECT max(id) FROM policy_decision), now() FROM leads_packetreading r WHERE r.id = "
    "{reading}"
)
FROM_OUTSIDE = {
    SUSPENDED: "SELECT suspended_at FROM accounts_trainingcertificate WHERE id = {certificate}",
    SOURCE_GONE: "SELECT withdrawn_at FROM leads_gallerysource WHERE id = {source}",
    OPTED_OUT: "SELECT max(at) FROM audit_auditevent WHERE table_name = 'leads_optout'",
    REPLAYED: "SELECT max(at) FROM leads_searchreplay",
    LINKED: "SELECT entered_at FROM cases_caselink",
    NUMBERED: "SELECT max(entered_at) FROM cases_incidentnumber",
}


@pytest.fixture
def race(login) -> Callable[[str, str], str]:  # noqa: F811
    """The first statement is not committed yet when the second begins; what the second is answered, or ""."""

    def run(first: str, second: str) -> str:
        answers: list[str] = []

        def try_second(session: psycopg.Connection) -> None:
            try:
                session.execute(second)
                answers.append("")
            except psycopg.Error as error:
                answers.append(f"{error.sqlstate} {str(error).splitlines()[0]}")

        with login() as one, login() as other:
            one.execute("BEGIN")
            one.execute(first)
            trying = threading.Thread(target=try_second, args=[other])
            trying.start()
            until_it_waits(other)
            one.execute("COMMIT")
            trying.join(60)
        return answers[0]

    return run


@pytest.fixture
def ready(db) -> dict[str, int]:
    """A lead with one verified item, not marked yet."""
    people = agency()
    made = made_lead(people)
    item = linked(people, made)
    verified(people, item)
    return {"lead": made.pk, "item": item.pk, "exhibit": item.evidence_id, "by": people.okafor.pk}


@pytest.fixture
def applied(db) -> dict[str, int]:
    """An application whose packet the captain opened."""
    people = agency()
    made = marked_lead(people)
    application = warrant.apply_for_warrant(lead=made, actor=people.okafor, statement="The lift is his.",
                                            does_not_fit="Nothing that we know of.")  # fmt: skip
    _, reading = warrant.open_packet(application=application, actor=people.marsh)
    return {
        "lead": made.pk, "application": application.pk, "captain": people.marsh.pk, "reading": reading.pk,
        "by": people.raman.pk, **_outside(people, made.candidate),
    }  # fmt: skip


def _outside(people: Agency, found: Candidate) -> dict[str, object]:
    """What a lead rests on that is of no case, by name."""
    photo = found.face.photo
    other = open_case(actor=people.okafor, title="Another night", offense=people.case.offense, captain=people.marsh)
    return {
        "case": people.case.pk, "other": other.pk, "opener": people.okafor.pk,
        "administrator": people.administrator.pk, "certificate": found.examinations.last().certificate_id, "nothing": "",
        "source": photo.source_id, "sha256": photo.sha256, "search": found.search_id,
    }  # fmt: skip


def test_a_mark_waits_for_the_link_that_is_withdrawn(race, ready):
    answer = race(WITHDRAW_LINK.format(**ready), MARK.format(**ready))
    assert answer.startswith("23514 FR-10: Not enough verified evidence")


def test_a_mark_waits_for_the_exhibit_that_is_withdrawn(race, ready):
    answer = race(WITHDRAW_EXHIBIT.format(**ready), MARK.format(**ready))
    assert answer.startswith("23514 FR-10: Not enough verified evidence")


@pytest.mark.parametrize("withdrawal", [WITHDRAW_LINK, WITHDRAW_EXHIBIT])
def test_what_is_withdrawn_waits_for_the_mark(race, ready, withdrawal):
    answer = race(MARK.format(**ready), withdrawal.format(**ready))
    assert answer.startswith("23514 FR-10: A lead does not stay marked")


def test_an_approval_waits_for_the_alibi_that_comes_in(race, applied):
    answer = race(ALIBI.format(**applied), APPROVE.format(**applied))
    assert answer.startswith("23514 FR-13: Something came in after") or "FR-18" in answer


def test_an_alibi_waits_for_the_approval_and_comes_after_it(race, applied):
    assert race(APPROVE.format(**applied), ALIBI.format(**applied)) == ""


@pytest.mark.parametrize("came", FROM_OUTSIDE)
def test_a_packet_is_opened_after_what_comes_in_from_outside_the_case(login, race, applied, came):  # noqa: F811
    """N8: the captain waits for what is not committed yet, so that nothing comes in before the moment of the opening."""
    assert race(came.format(**applied), OPENED.format(**applied)) == ""
    with login() as session:
        moment = session.execute(FROM_OUTSIDE[came].format(**applied)).fetchone()[0]
        opened = session.execute("SELECT max(at) FROM leads_packetreading").fetchone()[0]
    assert moment < opened


@pytest.mark.parametrize("came", FROM_OUTSIDE)
def test_an_approval_meets_what_came_in_from_outside_the_case(login, applied, came):  # noqa: F811
    with login() as one:
        one.execute(f"BEGIN; {came.format(**applied)}; COMMIT")
        with pytest.raises(psycopg.errors.CheckViolation, match="FR-13: Something came in after"):
            one.execute(APPROVE.format(**applied))


@pytest.mark.parametrize("isolation", ["REPEATABLE READ", "SERIALIZABLE"])
def test_nobody_approves_over_an_alibi_with_an_older_snapshot(login, applied, isolation):  # noqa: F811
    with login() as one, login() as other:
        other.execute(f"BEGIN ISOLATION LEVEL {isolation}")
        other.execute("SELECT count(*) FROM leads_exculpatoryentry")
        one.execute(ALIBI.format(**applied))
        with pytest.raises(psycopg.errors.CheckViolation, match="AU-03: A rule is asked of what is committed now"):
            other.execute(APPROVE.format(**applied))
        other.execute("ROLLBACK")


def test_a_decision_through_the_door_waits_for_the_alibi(login, applied):  # noqa: F811
    """B18: by the service, in another thread, while the register's entry is not committed yet."""
    application = warrant.WarrantApplication.objects.get(pk=applied["application"])
    captain = application.case.captain
    outcome: list[BaseException | None] = []

    def decide() -> None:
        try:
            warrant.decide(application=application, actor=captain, approve=True, reasons="It holds.", read_packet=True)
            outcome.append(None)
        except Exception as error:
            outcome.append(error)
        finally:
            connection.close()

    with login() as one:
        one.execute("BEGIN")
        one.execute(ALIBI.format(**applied))
        trying = threading.Thread(target=decide)
        trying.start()
        waiting.until(lambda: bool(one.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()[0]))
        one.execute("COMMIT")
        trying.join(60)
    assert type(outcome[0]).__name__ == "PolicyDenied"
    application.refresh_from_db()
    assert application.state == "submitted"
    assert Decision.objects.filter(action="warrant.approve", outcome="denied").exists()
