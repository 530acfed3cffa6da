"""Guards that put things right, if they refuse or not, as data: what was written does not stay (test_mended tries each)."""

from dataclasses import dataclass

from ecpd.audit.fixed import NAME as LISTED
from tests.attacks.guards import Guard
from tests.attacks.made import clone
from tests.attacks.races import READY
from tests.attacks.table_accounts import DISABLED, SHAPED, TAKEN, given, managed
from tests.attacks.table_leads import APPLICATION, another_exhibit
from tests.attacks.table_parking_reads import A_HIT, HIT
from tests.attacks.table_policy import approval, proposal
from tests.attacks.table_searches import IN_HIS_CASE, KEPT, NEW_DIGEST, ONCE_EXAMINED, QUEUED, SEARCH, asks
from tests.attacks.written import touch

BACKDATED = "now() - interval '4 minutes'"
RECORDED = (
    ("fr_13_linked_now", "leads_corroboration", "linked_at", {"lead_id": READY, "evidence_id": another_exhibit(READY)}),
    ("fr_13_verified_now", "leads_corroborationverification", "at", {"corroboration_id": "{own}", "verifier_id": "{colleague}"}),
    ("fr_13_entered_now", "leads_exculpatoryentry", "entered_at", {"origin": "''", "entered_by_id": "{account}"}),
    ("fr_13_added_now", "cases_evidence", "added_at", {"number": "991"}),
    ("fr_13_proposed_now", "cases_personmerge", "proposed_at", {}),
    ("fr_13_requested_now", SEARCH, "requested_at", {"serial": "90001"}),
    ("fr_13_recorded_now", "leads_examination", "recorded_at", {"candidate_id": KEPT, "position": "1"}),
    ("fr_13_noted_now", "cases_casenote", "at", {}),
    ("fr_13_tied_now", "cases_incidentnumber", "entered_at", {}),
    ("fr_13_tied_now", "cases_caselink", "entered_at", {}),
    ("fr_13_told_apart_now", "cases_notsameperson", "at",
     {"person_b_id": "(SELECT max(p.id) FROM cases_person p WHERE p.case_id = o.case_id)"}),
    ("fr_13_handed_now", "cases_custodyentry", "recorded_at",
     {"from_party": "o.to_party", "to_party": "'The laboratory'", "at": "clock_timestamp()"}),
    ("au_03_made_now", "policy_decision", "at", {}),
    ("fr_06_recorded_now", "leads_optout", "recorded_at", {"recorded_by_id": "{user_captain}"}),
    ("fr_13_asked_now", "leads_examinationrequest", "asked_at",
     {"state": "'open'", "asked_by_id": "{user_captain}", "examiner_id": "{colleague}", "candidate_id": ONCE_EXAMINED,
      "lot_size": f"(SELECT count(*) FROM public.ecpd_lot({ONCE_EXAMINED}))"}),
    ("fr_13_answered_now", "leads_exculpatoryanswer", "answered_at", {"entry_id": "{entry}"}),
)  # fmt: skip
BACKDATED_IN = f"SELECT count(*) FROM {{}} WHERE {{}} BETWEEN now() - interval '5 minutes' AND {BACKDATED}"
OWNER = "(SELECT owner_id FROM accounts_apitoken WHERE id = {good_token})"
MANAGED = managed("{account}").replace("'{account}'", f"{OWNER}::text")
GOOD_TOKENS = "SELECT count(*) FROM accounts_apitoken WHERE id = {good_token} AND revoked_at IS NULL"
A_PHOTO = clone("leads_galleryphoto", file_id="NULL", sha256=NEW_DIGEST, phash="7")
NOTED = Guard("mfa_authenticator", "ac_01_added_is_noted")
PASSKEY = clone("mfa_authenticator", "o.type = 'totp'", type="'webauthn'", data=SHAPED["webauthn"],
                created_at="now()", last_used_at="NULL")  # fmt: skip
EPOCH = "SELECT session_epoch FROM accounts_user WHERE id = {account}"


def by_a_decision(table: str, action: str, about: str, column: str, subject: str, **row: str) -> str:
    """A row about a subject (SQL for its key, which `column` names), with the decision of who stands in `row` first."""
    decision = clone("policy_decision", actor_id=next(iter(row.values())), action=f"'{action}'", outcome="'allowed'",
                     subject_type=f"'{about}'", subject_id=f"{subject}::text")  # fmt: skip
    mine = {column: subject, "decision_id": "(SELECT max(d.id) FROM policy_decision d)"}
    return f"{decision}; {clone(table, **(mine | row))}"


@dataclass(frozen=True)
class Mended:
    """`ask` tells what the guard keeps right; the statement moves it by `by` with the guard, by `asleep` without."""

    guard: Guard
    statement: str
    ask: str
    by: int
    asleep: int
    beside: Guard | None = None  # another that leads there first, and sleeps in both


# AC-11: sessions end for good with the account or its role; no stale copy of an account brings one back.
MENDED = [
    Mended(Guard("accounts_user", "ac_11_sessions_end"),
           "UPDATE accounts_user SET session_epoch = session_epoch - 1 WHERE id = {account}", EPOCH, 0, -1),
    Mended(Guard("accounts_user", "ac_11_sessions_end"),
           f"{managed('{account}')}; UPDATE accounts_user SET is_active = NOT is_active " "WHERE id = {account}", EPOCH, 1, 0),
    Mended(Guard("accounts_user", "ac_11_sessions_end"),
           f"{managed('')}; " + clone("accounts_user", "o.id = {account}", session_epoch="2147483647"),
           "SELECT count(*) FROM accounts_user WHERE session_epoch = 2147483647", 0, 1),
    Mended(Guard("accounts_user_groups", "ac_11_role_gained"),
           f"{managed('{account}')}; " + given("{account}", "hearing_examiner"), EPOCH, 1, 0),
    Mended(Guard("accounts_user_groups", "ac_11_role_lost"),
           f"{managed('{account}')}; " + TAKEN, EPOCH, 1, 0),
    Mended(Guard("accounts_user", "ac_11_tokens_end"), f"{MANAGED}; {DISABLED.replace('{account}', OWNER)}", GOOD_TOKENS, -1, 0),
    Mended(Guard("accounts_user_groups", "ac_11_tokens_end"),
           f"{MANAGED}; {TAKEN.replace('{account}', OWNER)}", GOOD_TOKENS, -1, 0),
    # AC-05: an account in use is not said to be unused, so that it could be disabled without a decision.
    Mended(Guard("accounts_user", "ac_05_used_as_it_was"),
           f"{managed('{disabled}')}; UPDATE accounts_user SET is_active = true, enabled_at = now() WHERE id = {{disabled}}; "
           "UPDATE accounts_user SET enabled_at = NULL WHERE id = {disabled}",
           "SELECT count(*) FROM accounts_user WHERE id = {disabled} AND enabled_at IS NOT NULL", 1, 0,
           Guard("accounts_user", LISTED)),
    # AC-10: whose role opens the admin keeps it, whatever a stale copy of the account says.
    Mended(Guard("accounts_user", "ac_10_power_by_role"),
           "UPDATE accounts_user SET is_staff = false WHERE id = {user_administrator}",
           "SELECT count(*) FROM accounts_user WHERE id = {user_administrator} AND is_staff", 0, -1),
    # AC-01: whoever adds a second factor, it is noted, and when.
    Mended(NOTED, PASSKEY, "SELECT count(*) FROM accounts_factoradded", 1, 0),
    Mended(Guard("accounts_factoradded", "ac_01_added_as_it_is"),
           f"{PASSKEY}; INSERT INTO accounts_factoradded (user_id, factor, kind, at) SELECT user_id, id, type, {BACKDATED} "
           "FROM mfa_authenticator ORDER BY id DESC LIMIT 1", BACKDATED_IN.format("accounts_factoradded", "at"), 0, 1, NOTED),
    # What a guard both refuses and puts right.
    Mended(Guard("accounts_user", "ac_10_name_of_its_own"),
           f"{managed('{account}')}; "
           "UPDATE accounts_user SET username = 'renamed', name_key = 'another' WHERE id = {account}",
           "SELECT count(*) FROM accounts_user WHERE name_key = 'another'", 0, 1),
    Mended(Guard("accounts_user", "ac_10_name_of_its_own"),
           f"{managed('{account}')}; "
           "UPDATE accounts_user SET last_name = 'Renamed', person_key = 'another' WHERE id = {account}",
           "SELECT count(*) FROM accounts_user WHERE person_key = 'another'", 0, 1),
    # FR-13: what came in when is asked of a captain's packet.
    *(Mended(Guard(table, guard), clone(table, **({column: BACKDATED} | changes)),
             BACKDATED_IN.format(table, column), 0, 1)
      for guard, table, column, changes in RECORDED),
    Mended(Guard("leads_searchreplay", "fr_13_replayed_now"),
           by_a_decision("leads_searchreplay", "search.replay", SEARCH.replace("_", "."), "search_id",
                         f"(SELECT min(s.id) FROM {SEARCH} s WHERE s.state = 'done')", by_id="{user_investigator}",
                         at=BACKDATED),
           BACKDATED_IN.format("leads_searchreplay", "at"), 0, 1),
    Mended(Guard("leads_caseacceptance", "fr_02_accepted_now"),
           by_a_decision("leads_caseacceptance", "case.accept", "cases.case", "case_id", "{own_case_id}",
                         captain_id="{user_visitor}", accepted="true", at=BACKDATED),
           BACKDATED_IN.format("leads_caseacceptance", "at"), 0, 1),
    Mended(Guard("leads_veil", "fr_02_veiled_now"),
           by_a_decision("leads_caseacceptance", "case.accept", "cases.case", "case_id", "{own_case_id}",
                         captain_id="{user_visitor}", accepted="false")
           + "; " + clone("leads_veil", search_id="{own_search}", ground="'refused'", at=BACKDATED),
           BACKDATED_IN.format("leads_veil", "at"), 0, 1),
    Mended(Guard(SEARCH, "fr_02_accept_by"), clone(SEARCH, IN_HIS_CASE, serial="90001", accept_by="NULL"),
           f"SELECT count(*) FROM {SEARCH} WHERE case_id = {{own_case_id}} AND accept_by IS NULL", 0, 1),
    Mended(Guard("cases_evidence", "fr_13_withdrawn_now"),
           touch("cases_evidence", "id = {lift_id}", withdrawn_at="added_at", withdrawn_by_id="added_by_id",
                 withdrawn_reason="'Another day'"),
           "SELECT count(*) FROM cases_evidence WHERE withdrawn_at = added_at", 0, 1),
    Mended(Guard("cases_incidentnumber", "fr_13_untied_now"),
           touch("cases_incidentnumber", "withdrawn_at IS NULL", withdrawn_at="entered_at", withdrawn_by_id="entered_by_id",
                 withdrawn_reason="'Another night'"),
           "SELECT count(*) FROM cases_incidentnumber WHERE withdrawn_at = entered_at", 0, 1),
    Mended(Guard("cases_caselink", "fr_13_untied_now"),
           touch("cases_caselink", "withdrawn_at IS NULL", withdrawn_at="entered_at", withdrawn_by_id="entered_by_id",
                 withdrawn_reason="'Another night'"),
           "SELECT count(*) FROM cases_caselink WHERE withdrawn_at = entered_at", 0, 1),
    Mended(Guard("leads_corroboration", "fr_13_withdrawn_now"),
           touch("leads_corroboration", "id = {own}", withdrawn_at="linked_at", withdrawn_by_id="linked_by_id",
                 withdrawn_reason="'Another day'"),
           "SELECT count(*) FROM leads_corroboration WHERE withdrawn_at = linked_at", 0, 1),
    Mended(Guard("accounts_trainingcertificate", "fr_20_suspended_now"),
           touch("accounts_trainingcertificate", "id = {certificate}", suspended_at=BACKDATED,
                 suspended_reason="'A question came up'", suspended_by_id="{user_administrator}"),
           BACKDATED_IN.format("accounts_trainingcertificate", "suspended_at"), 0, 1),
    Mended(Guard("leads_gallerysource", "fr_13_withdrawn_now"),
           touch("leads_gallerysource", "withdrawn_at IS NULL", withdrawn_at="added_at", withdrawn_by_id="{user_captain}",
                 withdrawn_reason="'Its terms changed'"),
           "SELECT count(*) FROM leads_gallerysource WHERE withdrawn_at = added_at", 0, 1),
    Mended(Guard("leads_lead", "fr_13_cleared_now"),
           touch("leads_lead", "number = '{lead}'", state="'cleared'", cleared_by_id="{user_investigator}",
                 cleared_at="created_at", cleared_reason="'He was in hospital'"),
           "SELECT count(*) FROM leads_lead WHERE cleared_at = created_at", 0, 1),
    Mended(Guard("leads_examinationrequest", "fr_08_answered_now"),
           f"{asks()}; UPDATE leads_examinationrequest SET knew_nothing_at = asked_at WHERE state = 'open' "
           "AND knew_nothing_at IS NULL",
           "SELECT count(*) FROM leads_examinationrequest WHERE knew_nothing_at = asked_at", 0, 1),
    Mended(Guard("cases_personmerge", "fr_13_settled_now"),
           touch("cases_personmerge", "state = 'proposed'", state="'rejected'", decided_by_id="{user_captain}",
                 decided_at="proposed_at"),
           "SELECT count(*) FROM cases_personmerge WHERE decided_at = proposed_at", 0, 1),
    Mended(Guard(SEARCH, "fr_13_finished_now"),
           touch(SEARCH, QUEUED, state="'cancelled'", finished_at="requested_at"),
           f"SELECT count(*) FROM {SEARCH} WHERE finished_at = requested_at", 0, 1),
    # FR-13: a captain's packet is as old as the door says, a read is kept from now on.
    Mended(Guard("leads_purposeexception", "fr_13_excepted_now"),
           by_a_decision("leads_purposeexception", "lead.allow_purpose", "leads.lead", "lead_id", "{lead_id}",
                         captain_id="{user_visitor}", at=BACKDATED),
           BACKDATED_IN.format("leads_purposeexception", "at"), 0, 1,
           Guard("leads_purposeexception", "fr_12_by_a_captain")),
    Mended(Guard("leads_purposeexception", "fr_12_names_its_searches"),
           by_a_decision("leads_purposeexception", "lead.allow_purpose", "leads.lead", "lead_id", "{lead_id}",
                         captain_id="{user_visitor}", searches="'[990001]'"),
           "SELECT count(*) FROM leads_purposeexception WHERE searches = '[990001]'", 0, 1,
           Guard("leads_purposeexception", "fr_12_by_a_captain")),
    Mended(Guard("leads_identity", "fr_26_entered_now"),
           by_a_decision("leads_identity", "identity.enter", "leads.lead", "lead_id",
                         "(SELECT min(i.lead_id) FROM leads_identity i)", entered_by_id="{user_investigator}",
                         entered_at=BACKDATED),
           BACKDATED_IN.format("leads_identity", "entered_at"), 0, 1),
    Mended(Guard("leads_identityanswer", "fr_26_answered_now"),
           by_a_decision("leads_identityanswer", "identity.answer", "leads.identity", "identity_id",
                         "(SELECT min(i.id) FROM leads_identity i)", by_id="{colleague}", at=BACKDATED),
           BACKDATED_IN.format("leads_identityanswer", "at"), 0, 1),
    Mended(Guard("leads_warrantstep", "fr_27_recorded_now"),
           by_a_decision("leads_warrantstep", "warrant.deny", APPLICATION.replace("_", "."), "application_id",
                         "(SELECT min(s.application_id) FROM leads_warrantstep s)", by_id="{user_captain}", at=BACKDATED),
           BACKDATED_IN.format("leads_warrantstep", "at"), 0, 1, Guard("leads_warrantstep", "fr_27_follows")),
    Mended(Guard("leads_packetreading", "fr_13_packet_opened"),
           by_a_decision("leads_packetreading", "warrant.packet", APPLICATION.replace("_", "."), "application_id",
                         "{application_id}", reader_id="{user_visitor}", at=BACKDATED),
           BACKDATED_IN.format("leads_packetreading", "at"), 0, 1),
    Mended(Guard("parking_readkeep", "pk_05_rests_on_it"),
           A_HIT + "; " + clone("parking_readkeep", alert_id=HIT, at=BACKDATED,
                                read_id=f"(SELECT first_read_id FROM parking_alert WHERE id = {HIT})"),
           BACKDATED_IN.format("parking_readkeep", "at"), 0, 1),
    # AU-04: the public days count from the proposal, and nobody approves it on another day.
    Mended(Guard("policy_amendment", "au_04_starts_proposed"), proposal(proposed_at=BACKDATED),
           BACKDATED_IN.format("policy_amendment", "proposed_at"), 0, 1),
    Mended(Guard("policy_amendment", "au_04_takes_effect"), approval(),
           "SELECT count(*) FROM policy_amendment WHERE effective_at IS NOT NULL", 1, 0),
    # FR-06: an opt-out is found by the fingerprint and the source of its photo, whatever the row says.
    *(Mended(Guard("leads_optout", "fr_06_as_its_photo"), f"{A_PHOTO}; {clone('leads_optout', sha256=NEW_DIGEST, **said)}",
             "SELECT count(*) FROM leads_optout o JOIN leads_galleryphoto p ON (p.sha256, p.source_id, p.phash) = "
             "(o.sha256, o.source_id, o.phash)", 1, 0)
      for said in ({"phash": "NULL"}, {"source_id": "NULL"}, {"phash": "-1"}, {"source_id": "{other_source}"})),
    # FR-13: a denial binds from the moment in which it was written.
    Mended(Guard(APPLICATION, "fr_13_decided_now"),
           touch(APPLICATION, "id = {application_id}", state="'withdrawn'", decided_at="submitted_at"),
           f"SELECT count(*) FROM {APPLICATION} WHERE decided_at = submitted_at", 0, 1),
]  # fmt: skip
