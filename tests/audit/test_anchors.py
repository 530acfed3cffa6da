"""Every guard that counts rows shares a locked row with whoever writes them, or it is said here why it need not."""

import re

from django.apps import apps

from ecpd.audit import catalog
from ecpd.audit.functions import FUNCTIONS, every_function
from ecpd.audit.grants import REFERENCE

READS = re.compile(r"\b(?:FROM|JOIN)\s+(?:public\.)?([a-z]\w*)\b(?!\s*\()")
LOCKS = re.compile(r"PERFORM 1 FROM (?:public\.)?(\w+)\b[^;]*?FOR (?:NO KEY )?UPDATE", re.DOTALL)
OWNERS = REFERENCE | {model._meta.db_table for model in apps.get_models() if getattr(model, "owners_data", False)}
ROWS = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}

# (guard, table it reads) by why a write between its look and its commit breaks nothing.
NO_ANCHOR = {
    "the guard wants the row there, and the row never goes or changes": {
        ("fr_10_same_case", "leads_candidate"),
        ("fr_26_sourced", "leads_candidate"),
        ("fr_10_its_person", "leads_candidate"),
        ("ac_04_by_name", "leads_candidate"),
        ("aa_cases_it_touches", "leads_candidate"),
        ("fr_07_as_the_manual_has_it", "leads_modelcard"),
        ("fr_07_list_as_measured", "leads_modelcard"),
        ("fr_07_list_as_measured", "leads_gallerysubject"),
        ("fr_07_card_is_kept", "leads_modelcard"),
        ("fr_08_not_while_blind", "leads_candidate"),
        ("zz_au_03_who_acts", "leads_candidate"),
        ("fr_13_new_since_denied", "leads_candidate"),
        ("fr_18_from_its_record", "leads_candidate"),
        ("fr_08_two_examiners", "leads_candidate"),
        ("fr_08_request_begins", "leads_candidate"),
        ("fr_07_fr_08_above_the_bar", "leads_candidate"),
        ("fr_02_case_accepted", "leads_candidate"),
        ("fr_02_not_veiled", "leads_candidate"),
        ("fr_02_nobody_compares", "leads_candidate"),
        ("fr_12_suspect_only", "leads_candidate"),
        ("fr_12_names_its_searches", "leads_candidate"),
        ("fr_13_no_part_in_it", "leads_candidate"),
        ("fr_10_warrant_needs_corroboration", "leads_candidate"),
        ("fr_13_approved_by_captains", "leads_candidate"),
        ("fr_13_carried_out", "leads_candidate"),
        ("zz_au_03_its_decision", "parking_device"),
        ("fr_13_packet_opened", "policy_decision"),
        ("fr_13_no_part_in_it", "policy_decision"),
        ("fr_08_third_person", "policy_decision"),
        ("fr_12_by_a_captain", "policy_decision"),
        ("pk_07_issued_by_a_person", "parking_alertanswer"),
        ("pk_15_ledger_worth_its_source", "parking_violationamount"),
        ("pk_15_ledger_comes_with_it", "parking_paymentplan"),
        ("pk_15_ledger_comes_with_it", "parking_paymentimport"),
        ("pk_14_owes_as_said", "parking_paymentplan"),
        ("pk_15_planned_by_another", "parking_paymentplan"),
        ("pk_14_granted_with_it", "parking_paymentplan"),
        ("pk_16_plate_in_its_permit", "parking_permitterms"),
        ("pk_16_application_of_its_address", "parking_permitterms"),
        ("pk_14_plan_ends", "parking_plancitation"),
        ("pk_16_permit_of_its_household", "parking_permitterms"),
        ("pk_16_plate_swap_counts", "parking_permitapplication"),
        ("pk_04_of_its_alert", "parking_alertanswer"),
        ("pk_16_permit_granted", "parking_permitterms"),
        ("pk_16_guest_code_granted", "parking_permitterms"),
    },
    "it looks for whom to wait for: a list that is done meanwhile shows faces to the leads to come": {
        ("ab_face", "leads_candidate"),
        ("ab_face", "leads_facevector"),
    },
    "only who is asked opens it, and who is asked is refused as well": {("fr_08_request_begins", "audit_conduct")},
    "who opens a pair a moment later knew nothing when the other examination was recorded": {
        (guard, "audit_conduct")
        for guard in ("fr_08_blind_after_all", "fr_10_application", "fr_13_approved_by_captains", "fr_13_no_part_in_it")
    },
    "who may be drawn a moment later was not when the list was sent on": {
        ("fr_08_whole_list_sent", table) for table in ("audit_auditevent", "audit_conduct", "policy_decision")
    },
    "the examiner's own: what is saved a moment later comes too late for a request that is over": {
        ("fr_08_replaced", "leads_examinationdraft"),
    },
    "what comes in a moment later is told as news, and stops the step after this one": {
        ("fr_27_follows", table) for table in ("audit_auditevent", "audit_conduct", "policy_decision")
    },
    "the decision on a mark is of the mark's transaction, which locks the face": {
        ("fr_13_new_since_denied", "policy_decision"),
    },
    "a photo that comes as its import ends is one of that import": {("fr_05_of_an_import", "leads_importbatch")},
    "a list never changes once its search is done, and a template that a list names is never erased": {
        (guard, table)
        for guard in (
            *("fr_10_application", "fr_10_mark_falls_with_exhibit", "fr_10_mark_falls_with_link", "fr_24_not_ended"),
            *("fr_24_still_not_ended", "fr_08_blind_after_all", "fr_10_mark_falls_with_answer"),
            *("fr_10_mark_falls_with_rejection", "fr_11_lineup_needs_other", "fr_12_by_a_captain", "fr_13_mark_fell"),
            *("fr_13_returned_as_it_fell", "fr_10_warrant_needs_corroboration", "fr_12_suspect_only"),
            *("fr_13_approved_by_captains", "fr_13_new_since_denied", "fr_13_no_part_in_it"),
            *("fr_08_third_person", "fr_13_carried_out", "fr_08_request_begins", "fr_08_two_examiners"),
            *("fr_12_names_its_searches", "fr_08_replaced", "fr_08_whole_list_sent", "fr_27_follows"),
        )
        for table in ("leads_candidate", "leads_facevector")
    },
    "which photo a lead comes from never changes, and a template that a list names is never erased": {
        ("fr_11_linked_as_its_exhibit", "leads_candidate"),
        ("fr_11_linked_as_its_exhibit", "leads_facevector"),
        ("fr_10_same_case", "leads_facevector"),
    },
    "what is found on a picture a moment later is found for the searches to come": {
        ("fr_07_list_as_measured", "leads_probefaces"),
    },
    "the factor's own trigger writes the note, in the transaction that adds it": {
        ("ac_01_added_as_it_is", "mfa_authenticator"),
    },
    "what a read says never changes, and rules that come later are those of later reads": {
        ("pk_02_reads_say_so", "parking_read"),
        ("pk_02_reads_say_so", "parking_zonepolicy"),
        ("pk_02_reads_say_so", "parking_curbpolicy"),
        ("pk_02_reads_say_so", "parking_permitterms"),
    },
    "what is paid back a moment later is owed anew, and stands in the ledger": {
        ("pk_14_plan_ends", "parking_ledgerentry")
    },
    "a right that is granted a moment later is one of later": {
        (guard, table)
        for guard in ("pk_03_nothing_covers_it", "pk_03_no_right_covers_it")
        for table in (
            "parking_exemption",
            "parking_permitplate",
            "parking_permit",
            "parking_permitterms",
            "parking_permitterms_areas",
            "parking_zone_areas",
        )
    },
    "which tow is of which vehicle never changes, and its own transaction decided on one": {
        ("zz_au_03_who_acts", "parking_toworder"),
    },
    "it looks for rows that its own transaction wrote": {
        ("pk_12_decided_by_a_result", "policy_decision"),
        ("pk_14_plan_ends", "policy_decision"),
        ("pk_14_request_answered", "policy_decision"),
        ("zz_au_03_its_decision", "policy_decision"),
        ("zz_au_03_its_decision", "parking_paymentplan"),
        ("au_01_of_a_door", "policy_decision"),
        ("pk_15_file_adds_up", "parking_ledgerentry"),
        ("zz_ac_10_by_decision", "policy_decision"),
        ("ac_07_as_it_was_done", "policy_decision"),
        ("zz_fr_20_by_decision", "policy_decision"),
        ("zz_ac_01_by_decision", "policy_decision"),
        ("zz_ac_01_own_decision", "accounts_rescue"),
    },
    "a role that was given is on the record from then on, whatever goes": {
        ("zz_ac_10_by_decision", "audit_auditevent"),
    },
    "who counts a wrong password and who locks wait for each other; a right one that forgets them locks nothing": {
        ("ac_02_after_failures", "accounts_failedpassword"),
    },
    "a factor that goes a moment later was there, and was shown, when the password was set": {
        ("ac_01_reset_by_the_person", "mfa_authenticator"),
    },
    "who changes a person, and who is put on a case or looks at it, is noted as it happens": {
        ("fr_13_carried_out", "audit_auditevent"),
        ("fr_13_no_part_in_it", "audit_auditevent"),
        ("fr_13_approved_by_captains", "audit_auditevent"),
        ("fr_08_request_begins", "audit_auditevent"),
        ("fr_08_request_begins", "policy_decision"),
        ("fr_08_two_examiners", "policy_decision"),
        ("fr_08_replaced", "audit_auditevent"),
        ("fr_08_replaced", "policy_decision"),
        *(
            (guard, table)
            for guard in ("fr_08_blind_after_all", "fr_10_application")
            for table in ("policy_decision", "audit_auditevent")
        ),
        ("fr_13_approved_by_captains", "policy_decision"),
        ("fr_08_third_person", "audit_auditevent"),
        ("fr_12_by_a_captain", "audit_auditevent"),
        ("fr_08_two_examiners", "audit_auditevent"),
    },
    "a case that is sealed or dated anew a moment later changes nothing of what was written before": {
        ("ac_07_as_it_was_done", "cases_case"),
    },
    "a manual that takes effect a moment later leaves the one before in force for what is under way": {
        ("au_03_manual_in_force", "policy_manualversion"),
        ("fr_14_under_the_manual", "policy_manualversion"),
    },
    "a photo that an opt-out in force is of becomes no candidate (fr_06_never_opted_out)": {
        ("fr_06_measured_or_erased", "leads_candidate"),
    },
    "a template goes out of use only by an opt-out or with its source, whose row this guard locks": {
        ("fr_06_never_opted_out", "leads_facevector"),
        ("fr_07_list_as_measured", "leads_facevector"),
    },
    "an alert is answered once, before its citation": {("pk_12_independent", "parking_alertanswer")},
    "a plan that ends never runs again": {
        ("pk_14_one_at_a_time", "parking_paymentplan"),
        ("pk_12_while_it_waits", "parking_paymentplan"),
    },
    "the account is locked; its first factor and its rescue are written under that lock, by this guard alone": {
        ("ac_01_first_factor_once", "accounts_factorstate"),
        ("ac_01_first_factor_once", "accounts_rescue"),
        ("ac_01_last_factor_stays", "accounts_rescue"),
    },
    "the foreign key locks the read: who deletes it and who keeps it wait for each other, and look after that": {
        ("pk_05_only_when_due", "parking_readkeep"),
        ("pk_05_picture_only_when_due", "parking_readkeep"),
        ("pk_05_picture_only_when_due", "parking_read"),
    },
    "a delivery's reads come with it, and its pictures are read as they come, weeks before it is due": {
        ("pk_05_body_of_a_hold", "parking_read"),
        ("pk_05_body_of_a_hold", "parking_plateimage"),
        ("pk_05_only_when_due", "parking_plateimage"),
    },
    "the case is locked FOR SHARE as the search ends; what changes later is after the fact": {
        ("fr_02_asker_still_may", "cases_case"),
        ("fr_02_asker_still_may", "leads_caseacceptance"),
        ("fr_02_asker_still_may", "cases_caseassignment"),
        ("fr_02_asker_still_may", "cases_incidentnumber"),
        ("fr_02_asker_still_may", "cases_evidence"),
    },
}
# A change of these after the look is a change after the fact: nothing that was decided counts them.
SERIAL = {
    "accounts_user", "accounts_user_groups", "accounts_trainingcertificate", "guardian_userobjectpermission",
    "cases_storedfile", "leads_optout", "leads_galleryface", "leads_galleryphoto", "leads_gallerysource",
    "parking_hotlist", "parking_hotlistentry", "parking_partneragency", "parking_platepolicy", "parking_platehold",
    "parking_violation", "parking_alert", "parking_zone",
}  # fmt: skip


def anchors() -> dict[str, set[str]]:
    """Table to the tables of which its writers lock a row; its own row is locked by whoever changes it."""
    found: dict[str, set[str]] = {table: {table} for table in ROWS}
    for (table, _), sql in catalog.declared().items():
        found[table] |= set(LOCKS.findall(sql.kwargs["func"]))
    return found


CALLS = re.compile(r"\bpublic\.(ecpd_\w+)\s*\(")


def read_by(sql: str, seen: frozenset[str] = frozenset()) -> set[str]:
    """The tables that a guard reads, also in the functions of the apps that it calls."""
    bodies = {function.name: function.body for function in every_function() if function not in FUNCTIONS}
    called = (set(CALLS.findall(sql)) & set(bodies)) - seen
    inner = (read_by(bodies[name], seen | called) for name in called)
    return set().union(set(READS.findall(sql)) & ROWS, *inner)


def test_every_guard_shares_an_anchor_with_whoever_writes_what_it_reads():
    locked = anchors()
    alone = {
        (sql.pgid.removeprefix("pgtrigger_")[:-6], read)
        for (table, _), sql in catalog.declared().items()
        for read in read_by(sql.kwargs["func"])
        if "aa_anchor" not in sql.pgid and not locked[table] & locked[read] and read not in SERIAL | OWNERS
    }
    assert alone == set().union(*NO_ANCHOR.values())


# Guards that lock rows of which there may be none, or of which there is always one, each with the reason.
MAY_LOCK_NONE = {
    "ac_01_last_factor_stays": "the factor is there, so its account is: accounts are never deleted",
    "au_04_version_follows_amendment": "the release's own version comes before every amendment",
    "au_04_carried_out": "it fires on an amendment that is there",
    "au_04_takes_effect": "it fires on an amendment that is there",
    "fr_10_mark_falls_with_exhibit": "every lead that rests on it, if any does",
    "fr_10_mark_falls_with_link": "every lead that rests on it, if any does",
    "aa_cases_it_touches": "every case with a lead that rests on it, if there is any",
    "ab_face": "a candidate that is not there has no case, whose guard comes first",
    "aa_every_source": "every source, if there is any; its photo names one by its own anchor",
    "pk_05_picture_only_when_due": "a read goes only when it is due, and its picture with it",
}
ONE_LOCK = re.compile(
    r"PERFORM 1 [^;]*FOR (?:NO KEY )?UPDATE;(?!\s*IF NOT FOUND)|INTO \w+ FROM [^;]*FOR (?:NO KEY )?UPDATE;(?!\s*IF NOT FOUND)"
)


def test_a_guard_that_locks_one_row_refuses_when_it_is_not_there():
    """A foreign key is looked at as the transaction ends: two sessions may write rows of what neither sees (AC-10)."""
    silent = {
        sql.pgid.removeprefix("pgtrigger_")[:-6]
        for sql in catalog.declared().values()
        if ONE_LOCK.search(sql.kwargs["func"])
    }
    assert silent == set(MAY_LOCK_NONE)
