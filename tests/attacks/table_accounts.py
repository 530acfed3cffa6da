"""Attacks on accounts: roles that exclude each other, second factors, rescues, forgotten passwords."""

from ecpd.checks.plain import DEEPEST, LARGEST_JSON
from tests.attacks.attack import Attack
from tests.attacks.made import clone
from tests.attacks.written import STRICTLY, breaks, says, touch
from tests.factories.factors import SECRET

ROLE, RESET, RESCUE, FACTOR = "accounts_user_groups", "accounts_passwordreset", "accounts_rescue", "mfa_authenticator"
TOKEN = "accounts_apitoken"
HAS_FACTOR = "type IN ('totp', 'webauthn')"
# As an app, a passkey and recovery codes are kept.
SHAPED = {
    "totp": f"jsonb_build_object('secret', '{SECRET}')",
    "webauthn": "jsonb_build_object('name', 'Key', 'credential', jsonb_build_object('rawId', repeat('a', 16), 'response', "
                "jsonb_build_object('clientDataJSON', 'eyJ' || repeat('x', 60), 'attestationObject', repeat('x', 120))))",
    "recovery_codes": f"jsonb_build_object('seed', '{SECRET}', 'used_mask', 3)",
}  # fmt: skip
A_RESET = (
    "INSERT INTO accounts_passwordreset (id, user_id, number, key_hash, source, asked_at) "
    "VALUES (990001, {account}, 'R-1', repeat('a', 64), '192.0.2.1', now())"
)
OPENED = touch(RESET, "id = 990001", opened_at="now()", opened_by_id="{user_administrator}")
ANOTHERS = "(SELECT min(id) FROM mfa_authenticator WHERE user_id <> {account})"
USED = {"used_at": "now()", "factor": "990001"}
SECONDED = {"seconded_at": "now()", "seconded_by_id": "{user_administrator}"}
CODES = (
    "INSERT INTO mfa_authenticator (id, user_id, type, data, created_at) VALUES "
    f"(990001, {{account}}, 'recovery_codes', {SHAPED['recovery_codes']}, now())"
)
PROVED = touch(FACTOR, "id = 990001", last_used_at="now()")
ANOTHER = (
    "INSERT INTO mfa_authenticator (id, user_id, type, data, created_at) VALUES "
    f"(990002, {{nobody}}, 'totp', {SHAPED['totp']}, now())"
)
ANOTHER_KEY = ANOTHER.replace("990002", "990003").replace(
    f"'totp', {SHAPED['totp']}", f"'webauthn', {SHAPED['webauthn']}"
)
A_LOCK = (
    "INSERT INTO accounts_passwordlock (name, source, locked_at, user_id) SELECT 'account:' || id, '{source}', now(), id "
    "FROM accounts_user WHERE id = {{user_captain}}"
)
FAILED = "INSERT INTO accounts_failedpassword (name, source, at) VALUES ('account:{{user_captain}}', '{source}', now())"
FAR = """('{"n": 1' || repeat('0', 400) || '}')::jsonb"""
DEEP = f"""('{{"deep": ' || repeat('[', {DEEPEST}) || '1' || repeat(']', {DEEPEST}) || '}}')::jsonb"""


def token(**changes: str) -> str:
    """Another token like one that is good."""
    return clone(TOKEN, "id = {good_token}", **({"last_used_at": "NULL"} | changes))


def a_code(account: str = "{nobody}", **changes: str) -> str:
    """An enrolment code for an account that has no second factor."""
    right = {"id": "990003", "user_id": account,
             "last_step": "0", "failures": "0", "enrol_hash": "repeat('a', 64)", "enrol_tries": "0",
             "enrol_until": "now() + interval '14 days'", "enrol_by_id": "{user_administrator}"}  # fmt: skip
    columns = right | changes
    return f"INSERT INTO accounts_factorstate ({', '.join(columns)}) VALUES ({', '.join(columns.values())})"


def managed(account: str, action: str = "account.manage", **changes: str) -> str:
    """An administrator decides on this account; of a new one `account` is empty."""
    right = {"actor_id": "{user_administrator}", "action": f"'{action}'", "outcome": "'allowed'", "verdicts": "'[]'::jsonb",
             "subject_type": "'accounts.user'", "subject_id": f"'{account}'"}  # fmt: skip
    return clone("policy_decision", **(right | changes))


TAKES = managed("{nobody}", "factor.remove", actor_id="{nobody}")


def newcomer(name: str) -> str:
    """A new account without a role."""
    return clone("accounts_user", is_staff="false", username=f"'{name}'")


def given(account: str, role: str) -> str:
    """A role for an account."""
    return f"INSERT INTO accounts_user_groups (user_id, group_id) SELECT {account}, id FROM auth_group WHERE name = '{role}'"


TAKEN = "DELETE FROM accounts_user_groups WHERE user_id = {account}"
ALONE = (
    TAKEN.replace("{account}", "{user_administrator}")
    + " AND group_id = (SELECT id FROM auth_group WHERE name = 'administrator')"
)
IN_USE = "UPDATE accounts_user SET is_active = true WHERE id = {disabled}"
DISABLED = "UPDATE accounts_user SET is_active = false WHERE id = {account}"
CERTIFIED = clone(
    "accounts_trainingcertificate", "o.issued_by_id <> {user_investigator}", holder_id="{user_investigator}"
)
# Decisions that are none for this act, each by what is wrong with it.
UNFIT = {
    "by nobody's decision": (),
    "by a captain's": (managed("{account}", actor_id="{user_captain}"),),
    "by one's own": (managed("{user_administrator}"),),
    "by one on somebody else": (managed("{user_captain}"),),
    "by one on a new account": (managed(""),),
    "by a refusal": (managed("{account}", outcome="'denied'"),),
    "by one on another act": (managed("{account}", "certificate.issue"),),
}
OF_ANOTHER = {name: before for name, before in UNFIT.items() if "one's own" not in name}


def undecided(
    table: str, sentence: str, statement: str, ways: dict[str, tuple[str, ...]], *before: str
) -> list[Attack]:
    """The act under each of these decisions."""
    act = sentence.removeprefix("AC-10: ")
    return [
        says(table, sentence, f"{act} {name}", statement, *before, *made, shielded=True) for name, made in ways.items()
    ]


ATTACKS = [
    *undecided(ROLE, "AC-10: A role is given", given("{account}", "drone_pilot"), OF_ANOTHER),
    says(ROLE, "AC-10: A role is given", "to oneself", given("{user_administrator}", "drone_pilot"),
         managed("{user_administrator}")),
    *undecided(ROLE, "AC-10: A role is taken", TAKEN, OF_ANOTHER),
    says(ROLE, "AC-10: A role is taken", "from oneself", TAKEN.replace("{account}", "{user_administrator}"),
         managed("{user_administrator}")),
    says(ROLE, "AC-10: The last administrator", "the only one's, by nobody", ALONE, shielded=True),
    says(ROLE, "AC-10: The last administrator", "the only one's, for another role", ALONE.replace(
        "DELETE FROM accounts_user_groups", "UPDATE accounts_user_groups SET group_id = (SELECT id FROM auth_group WHERE name "
        "= 'drone_pilot')"), shielded=True),
    says("accounts_user", "AC-10: The last administrator", "disabled", DISABLED.replace("{account}", "{user_administrator}"),
         shielded=True),
    *undecided("accounts_user", "AC-10: An account is taken into use", IN_USE, {
        name: tuple(one.replace("{account}", "{disabled}") for one in made) for name, made in OF_ANOTHER.items()}),
    *undecided("accounts_user", "AC-10: An account is disabled", DISABLED, OF_ANOTHER),
    *undecided("accounts_user", "AC-01: A password is set by", touch("accounts_user", "id = {account}", password="'!mine'"), {
        "by nobody's decision": (), "by an administrator's": (managed("{account}"),),
        "by an administrator's of that act": (managed("{account}", "password.set"),),
        "by one's own on somebody else": (managed("{user_captain}", "password.set", actor_id="{account}"),),
        "by one's own on another act": (managed("{account}", "factor.remove", actor_id="{account}"),),
        "by a refusal": (managed("{account}", "password.set", actor_id="{account}", outcome="'denied'"),)}, STRICTLY),
    *undecided("accounts_user", "AC-10: An account is made", newcomer("newcomer"), {
        "by nobody's decision": (), "by a captain's": (managed("", actor_id="{user_captain}"),),
        "by one on an account that is there": (managed("{account}"),), "by a refusal": (managed("", outcome="'denied'"),),
    }),
    says("accounts_user", "AC-10: An account is made", "a second one by one decision",
         newcomer("newcomer2"), managed(""), newcomer("newcomer")),
    *undecided("accounts_trainingcertificate", "FR-20: A certificate is issued with", CERTIFIED, {
        "by nobody's decision": (),
        "by another's than the issuer's": (managed("{user_investigator}", "certificate.issue", actor_id="{user_chief}"),),
        "by one on another holder": (managed("{user_captain}", "certificate.issue"),),
        "by one on another act": (managed("{user_investigator}"),),
    }),
    *undecided(TOKEN, "AC-01: A token is made", token(), {
        "by nobody's decision": (),
        "by an administrator's": (managed("", "token.make", subject_type="'accounts.apitoken'"),),
        "by one on another act": (managed("", "token.revoke", subject_type="'accounts.apitoken'",
                                          actor_id="{user_investigator}"),),
    }),
    *(says(TOKEN, "AC-01: A token names actions", f"a token of {what}", token(actions=f"'{value}'"), shielded=True)
      for what, value in {"an object": '[{"a": 1}]', "no list": "7", "lists": '[["case.view"]]',
                          "what is for one's own hands": '["amendment.decide"]'}.items()),
    says(ROLE, "AC-10: One account cannot be", "an investigator who approves",
         "INSERT INTO accounts_user_groups (user_id, group_id) SELECT {user_investigator}, id FROM auth_group "
         "WHERE name = 'captain'"),
    says(ROLE, "AC-10: What it belongs to", "a role of an account that is not there yet",
         "INSERT INTO accounts_user_groups (user_id, group_id) SELECT 990001, min(id) FROM auth_group", shielded=True),
    says(FACTOR, "AC-01: What it belongs to", "a factor of an account that is not there yet",
         ANOTHER.replace("{nobody}", "990001"), shielded=True),
    says("accounts_factorstate", "AC-01: No code", "a code of the year 2300",
         "INSERT INTO accounts_factorstate (user_id, last_step, failures) VALUES ({nobody}, 347000000, 0)"),
    says("accounts_factorstate", "AC-01: No code", "every code taken for good",
         touch("accounts_factorstate", last_step="9223372036854775807")),
    says("accounts_user", "AC-10: A user name has", "a name with a letter that looks like another",
         touch("accounts_user", "id = {account}", username="E'mar\\u0455h'")),
    says("accounts_user", "AC-10: A user name has", "a name with a mark of no width",
         touch("accounts_user", "id = {account}", username="username || E'\\u200b'")),
    *undecided("accounts_user", "AC-10: The name and badge", touch("accounts_user", "id = {account}", last_name="'Renamed'"),
               OF_ANOTHER),
    *(says("accounts_user", "AC-10: Rank, names and badge", f"{column} with a letter that looks like another",
           touch("accounts_user", "id = {account}", **{column: "E'M\\u0430rsh'"}), shielded=True)
      for column in ("rank", "first_name", "last_name", "badge")),
    breaks("accounts_user", "accounts_user_name_key_key", "a name that differs in case only",
           touch("accounts_user", "id = {account}", username="(SELECT upper(username) FROM accounts_user WHERE id = "
                 "{user_chief})")),
    breaks("accounts_user", "accounts_user_name_key_key", "a name whose letters look like another's",
           touch("accounts_user", "id = {account}", username="(SELECT replace(username, 'i', '1') || '.' FROM accounts_user "
                 "WHERE id = {user_chief})")),
    breaks("accounts_user", "accounts_user_person_key_key", "one person twice",
           touch("accounts_user", "id = {account}", **{column: f"(SELECT {column} FROM accounts_user WHERE id = "
                 "{user_chief})" for column in ("rank", "first_name", "last_name", "badge")})),
    breaks("accounts_user", "accounts_user_person_key_key", "one person twice, in other fields",
           touch("accounts_user", "id = {account}", first_name="''", last_name="''", **{
               column: f"(SELECT {words} FROM accounts_user WHERE id = {{user_chief}})"
               for column, words in {"rank": "left(rank || first_name || last_name, 30)", "badge": "badge"}.items()})),
    says("accounts_factorstate", "AC-01: An enrolment code is given", "a code for oneself", a_code("{user_administrator}",
         enrol_by_id="{user_administrator}")),
    says("accounts_factorstate", "AC-01: An enrolment code is given", "a captain's code", a_code(
         enrol_by_id="{user_captain}")),
    says("accounts_factorstate", "AC-01: An enrolment code is new", "a code for a year", a_code(
         enrol_until="now() + interval '1 year'")),
    says("accounts_factorstate", "AC-01: An enrolment code that was", "tries forgotten",
         "UPDATE accounts_factorstate SET enrol_tries = 0 WHERE user_id = {nobody}", a_code(),
         "UPDATE accounts_factorstate SET enrol_tries = 1 WHERE user_id = {nobody}"),
    says("accounts_factorstate", "AC-01: An enrolment code that was", "five tries at once",
         "UPDATE accounts_factorstate SET enrol_tries = 5 WHERE user_id = {nobody}", a_code()),
    says("accounts_factorstate", "AC-01: An enrolment code that was", "over at once",
         "UPDATE accounts_factorstate SET enrol_until = now() WHERE user_id = {nobody}", a_code()),
    says("accounts_factorstate", "AC-01: Wrong codes are counted", "four wrong codes at once",
         touch("accounts_factorstate", "failures = 0", failures="4")),
    *(says("accounts_factorstate", "AC-01: Codes are closed", title,
           touch("accounts_factorstate", where, closed_until=f"now() + interval '{long}'", **changes), *before)
      for title, where, long, changes, *before in (
          ("closed for ten years by nobody", "true", "10 years", {}),
          ("closed by one wrong code", "failures = 0", "1 minute", {"failures": "1"}),
          ("closed for a day by the fifth", "failures = 4", "1 day", {"failures": "5"}, *4 * [
              touch("accounts_factorstate", "failures < 4", failures="failures + 1")]))),
    says("accounts_failedpassword", "AC-02: A wrong password is counted", "of tomorrow", clone(
         "accounts_failedpassword", at="now() + interval '1 day'")),
    says("accounts_failedpassword", "AC-02: A wrong password is counted", "put off till tomorrow", touch(
         "accounts_failedpassword", at="now() + interval '1 day'")),
    says("accounts_passwordlock", "AC-02: A password is locked", "a lock of every source", A_LOCK.format(source="*")),
    says("accounts_passwordlock", "AC-02: A password is locked", "a lock after four", A_LOCK.format(source="192.0.2.8"),
         *4 * [FAILED.format(source="192.0.2.8")]),
    says("accounts_factorstate", "AC-01: An enrolment code that was", "no code any more",
         "UPDATE accounts_factorstate SET enrol_hash = '' WHERE user_id = {nobody}", a_code()),
    says(FACTOR, "AC-01: The enrolment code", "a first factor with a code that is over", ANOTHER, a_code(
         enrol_until="now()")),
    says("accounts_factoradded", "AC-01: What is noted as added", "a factor that nobody added is told to somebody",
         clone("accounts_factoradded", factor="990001")),
    says(RESET, "AC-10: A new password is asked", "opened at birth",
         "INSERT INTO accounts_passwordreset (user_id, number, key_hash, source, asked_at, opened_at, opened_by_id) "
         "VALUES ({account}, 'R-2', repeat('b', 64), '192.0.2.1', now(), now(), {user_administrator})"),
    says(RESET, "AC-10: A new password is set", "used twice",
         touch(RESET, "id = 990001", used_at="now() + interval '1 second'"), A_RESET, OPENED, CODES, PROVED,
         touch(RESET, "id = 990001", **USED)),
    says(RESET, "AC-01: A new password counts", "by whoever opened it, without the person's factor",
         touch(RESET, "id = 990001", used_at="now()"), A_RESET, OPENED),
    says(RESET, "AC-01: A new password counts", "with a factor that was not used now",
         touch(RESET, "id = 990001", **USED), A_RESET, OPENED, CODES),
    says(RESET, "AC-01: A new password counts", "with another's factor",
         touch(RESET, "id = 990001", used_at="now()", factor=ANOTHERS), A_RESET, OPENED,
         touch(FACTOR, f"id = {ANOTHERS}", last_used_at="now()")),
    says(RESET, "AC-10: A second administrator", "the one who opened it speaks twice",
         touch(RESET, "id = 990001", **SECONDED), A_RESET, OPENED),
    says(RESET, "AC-10: A second administrator", "a captain",
         touch(RESET, "id = 990001", **SECONDED | {"seconded_by_id": "{user_captain}"}), A_RESET, OPENED),
    says(RESET, "AC-10: A second administrator", "before it is opened",
         touch(RESET, "id = 990001", **SECONDED), A_RESET),
    says(RESET, "AC-10: Another person", "opened by oneself",
         touch(RESET, "id = 990001", opened_at="now()", opened_by_id="{account}"), A_RESET),
    says(RESET, "AC-10: The way", "used before it is opened", touch(RESET, "id = 990001", used_at="now()"), A_RESET),
    says(RESCUE, "AC-01: A rescue", "used again", touch(RESCUE, "id = {rescue}", used_at="NULL"),
         touch(RESCUE, "id = {rescue}", used_at="now()")),
    says(RESCUE, "AC-01: A rescue", "for longer", touch(RESCUE, "id = {rescue}", ends_at="ends_at + interval '1 day'")),
    says(RESCUE, "AC-01: A rescue", "wrong codes forgotten", touch(RESCUE, "id = {rescue}", tries="tries - 1"),
         touch(RESCUE, "id = {rescue}", tries="1")),
    says(RESCUE, "AC-01: A rescue", "five tries at once", touch(RESCUE, "id = {rescue}", tries="5")),
    says(RESCUE, "AC-01: A rescue", "over at once", touch(RESCUE, "id = {rescue}", ends_at="now()")),
    says(RESCUE, "AC-01: A rescue", "another's", touch(RESCUE, "id = {rescue}", user_id="{account}")),
    says(TOKEN, "AC-01: What it belongs to", "of an account that is not there yet", token(owner_id="990001"), shielded=True),
    says(TOKEN, "AC-01: A token is kept", "kept as it is", token(key_hash="'ecpd_abcdef0123456789'")),
    says(TOKEN, "AC-01: A token is kept", "revoked at birth", token(revoked_at="now()")),
    says(TOKEN, "AC-01: A token ends", "for ten years", token(expires_at="now() + interval '10 years'")),
    says(TOKEN, "AC-01: A token of named", "of no action", token(scope="'actions'", actions="'[]'::jsonb")),
    says(TOKEN, "AC-01: A token that was", "in force again",
         touch(TOKEN, "id = {token_revoked}", revoked_at="NULL", revoked_by_id="NULL")),
    says(TOKEN, "AC-01: A token that was", "revoked by another",
         touch(TOKEN, "id = {token_revoked}", revoked_by_id="{account}")),
    breaks(RESCUE, "ac_01_rescue_says_why", "for no reason",
           "INSERT INTO accounts_rescue (user_id, code_hash, why, made_at, ends_at, tries) VALUES "
           "({account}, repeat('a', 64), ' ', now(), now() + interval '1 hour', 0)"),
    *(says(FACTOR, "AC-01: A second factor is a passkey", title, ANOTHER.replace(f"'totp', {SHAPED['totp']}", what))
      for title, what in {
          "of no kind": """'zzz', '{"secret": "x"}'""", "a kind in other letters": """'TOTP', '{"secret": "x"}'""",
          "an app without a secret": "'totp', '{}'", "a passkey without one": "'webauthn', '[]'",
          "a passkey that no device made": """'webauthn', '{"credential": {"a": "b"}, "name": "x"}'""",
          "an app whose secret is none": """'totp', '{"secret": "x"}'""", "codes without a seed": """'recovery_codes',
          '{"used_mask": 0}'""",
          "codes that are none": "'recovery_codes', 'null'",
      }.items()),
    *(says(FACTOR, "AC-01: When a second factor was set up", title, statement, *before) for title, statement, *before in (
        ("used next year", touch(FACTOR, last_used_at="now() + interval '1 year'")),
        ("used last year", touch(FACTOR, last_used_at="now() - interval '1 year'")),
        ("set up two years ago", ANOTHER.replace("now())", "now() - interval '2 years')")),
        ("set up next year", ANOTHER.replace("now())", "now() + interval '1 year')")),
        ("used before it was there", ANOTHER.replace("created_at)", "created_at, last_used_at)").replace(
            "now())", "now(), now() - interval '1 day')")),
    )),
    says(FACTOR, "AC-01: A second factor is not changed", "a secret of one's own",
         touch(FACTOR, "id = 990002", data="'{\"secret\": \"mine\"}'"), ANOTHER),
    says(FACTOR, "AC-01: A second factor is not changed", "codes of one's own beside the seed",
         touch(FACTOR, "id = 990001", data="data || '{\"migrated_codes\": [\"00000001\"]}'"), CODES),
    says(FACTOR, "AC-01: A recovery code", "a code that was used, again",
         touch(FACTOR, "id = 990001", data="data || '{\"used_mask\": 1}'"), CODES),
    says(FACTOR, "AC-01: A first second factor", "a first factor, twice", ANOTHER,
         "INSERT INTO accounts_factorstate (user_id, last_step, failures, first_at) VALUES ({nobody}, 0, 0, now())"),
    *(says(FACTOR, "AC-01: The last", title, "DELETE FROM mfa_authenticator WHERE id = 990002", ANOTHER, *before)
      for title, *before in (
          ("the only factor taken away",), ("the only one, by its person", TAKES),
          ("by its person, with another that came a moment ago", ANOTHER_KEY, TAKES))),
    *(says(FACTOR, "AC-01: A second factor is taken away", title, "DELETE FROM mfa_authenticator WHERE id = 990002", ANOTHER,
           ANOTHER_KEY, *before, shielded=True) for title, *before in (
          ("by nobody", STRICTLY), ("by an administrator", STRICTLY, managed("{nobody}", "factor.remove")))),
    *(breaks(FACTOR, f"value_mfa_authenticator_{name}", title, statement) for name, title, statement in (
        ("created_at_possible", "set up when no calendar is", touch(FACTOR, created_at="'9999-12-01'")),
        ("created_at_possible", "a new one, set up when no calendar is", ANOTHER.replace("now()", "'9999-12-01'")),
        ("last_used_at_possible", "used when no calendar is", touch(FACTOR, last_used_at="'9999-12-01'")),
        ("data_fits", "too deep", touch(FACTOR, HAS_FACTOR, data=f"data || {DEEP}")),
        ("data_fits", "a new one, too deep", ANOTHER.replace(SHAPED["totp"], f"{SHAPED['totp']} || {DEEP}")),
        ("data_fits", "a number nobody reads", touch(FACTOR, HAS_FACTOR, data=f"data || {FAR}")),
        ("data_fits", "too large", ANOTHER.replace(
            SHAPED["totp"], f"jsonb_build_object('secret', 'gAAAAAB' || repeat('a', {LARGEST_JSON}))")),
    )),
    breaks("audit_sealer", "audit_one_sealer", "a second sealer", clone("audit_sealer", id="2")),
    breaks("audit_stamp", "au_01_stamp_has_token", "a stamp without a token",
           clone("audit_stamp", result="'stamped'", problem="''")),
]  # fmt: skip
