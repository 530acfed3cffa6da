"""Attacks on accounts: roles that exclude each other, second factors, rescues, forgotten passwords."""

from tests.attacks.made import clone
from tests.attacks.written import breaks, says, touch

ROLE, RESET, RESCUE, FACTOR = "accounts_user_groups", "accounts_passwordreset", "accounts_rescue", "mfa_authenticator"
HAS_FACTOR = "type IN ('totp', 'webauthn')"
A_RESET = (
    "INSERT INTO accounts_passwordreset (id, user_id, number, key_hash, source, asked_at) "
    "VALUES (990001, {account}, 'R-1', repeat('a', 64), '192.0.2.1', now())"
)
A_RESCUE = (
    "INSERT INTO accounts_rescue (id, user_id, code_hash, why, made_at, ends_at, tries) "
    "VALUES (990001, {account}, repeat('a', 64), 'Lost both keys', now(), now() + interval '1 hour', 0)"
)
OPENED = touch(RESET, "id = 990001", opened_at="now()", opened_by_id="{user_administrator}")
CODES = (
    "INSERT INTO mfa_authenticator (id, user_id, type, data, created_at) VALUES "
    '(990001, {account}, \'recovery_codes\', \'{"seed": "x", "used_mask": 3}\', now())'
)
ANOTHER = (
    "INSERT INTO mfa_authenticator (id, user_id, type, data, created_at) VALUES "
    "(990002, {account}, 'totp', '{\"secret\": \"x\"}', now())"
)

ATTACKS = [
    says(ROLE, "AC-10: One account cannot be", "an investigator who approves",
         "INSERT INTO accounts_user_groups (user_id, group_id) SELECT {user_investigator}, id FROM auth_group "
         "WHERE name = 'captain'"),
    says(RESET, "AC-10: A new password is asked", "opened at birth",
         "INSERT INTO accounts_passwordreset (user_id, number, key_hash, source, asked_at, opened_at, opened_by_id) "
         "VALUES ({account}, 'R-2', repeat('b', 64), '192.0.2.1', now(), now(), {user_administrator})"),
    says(RESET, "AC-10: A new password is set", "used twice",
         touch(RESET, "id = 990001", used_at="now() + interval '1 second'"), A_RESET, OPENED,
         touch(RESET, "id = 990001", used_at="now()")),
    says(RESET, "AC-10: Another person", "opened by oneself",
         touch(RESET, "id = 990001", opened_at="now()", opened_by_id="{account}"), A_RESET),
    says(RESET, "AC-10: The way", "used before it is opened", touch(RESET, "id = 990001", used_at="now()"), A_RESET),
    says(RESCUE, "AC-01: A rescue", "used again", touch(RESCUE, "id = 990001", used_at="NULL"), A_RESCUE,
         touch(RESCUE, "id = 990001", used_at="now()")),
    breaks(RESCUE, "ac_01_rescue_says_why", "for no reason",
           "INSERT INTO accounts_rescue (user_id, code_hash, why, made_at, ends_at, tries) VALUES "
           "({account}, repeat('a', 64), ' ', now(), now() + interval '1 hour', 0)"),
    says(FACTOR, "AC-01: A second factor is not changed", "a secret of one's own",
         touch(FACTOR, "id = 990002", data="'{\"secret\": \"mine\"}'"), ANOTHER),
    says(FACTOR, "AC-01: A recovery code", "a code that was used, again",
         touch(FACTOR, "id = 990001", data="'{\"seed\": \"x\", \"used_mask\": 1}'"), CODES),
    says(FACTOR, "AC-01: A first second factor", "a first factor, twice",
         "INSERT INTO mfa_authenticator (user_id, type, data, created_at) VALUES ({account}, 'totp', '{\"secret\": \"y\"}', "
         "now())", ANOTHER.replace("990002, {account}", "990002, {account}"),
         "UPDATE mfa_authenticator SET type = type WHERE false"),
    says(FACTOR, "AC-01: The last", "the only factor taken away", "DELETE FROM mfa_authenticator WHERE id = 990002", ANOTHER),
    breaks("audit_sealer", "audit_one_sealer", "a second sealer", clone("audit_sealer", id="2")),
]  # fmt: skip
