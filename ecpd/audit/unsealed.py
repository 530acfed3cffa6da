"""What is not sealed, and why: tables whose rows make no entry, and columns that no digest holds (docs/threats.md).

A record or ledger that is not sealed says why in `unsealed_because`, a working row in `working_row`. The rest is here: a
test names a table or a column that stands nowhere.
"""

from django.db.models import Model

from ecpd.audit.sealed import seal_of, sealed_models
from ecpd.audit.tables import every_table

OWNERS = "Only the owner writes it, in a migration; the application's role may only read it."
CHAIN = "A part of the chain itself: each seal holds the one before it."
TABLES = {
    "account_emailaddress": "Whether an address was confirmed opens nothing: nobody signs in or gets a password by mail.",
    "account_emailconfirmation": "Not used: nobody confirms an address.",
    "accounts_roleact": OWNERS,
    "accounts_user_user_permissions": OWNERS,
    "audit_sealer": "The sealer's sign of life, written every second.",
    "audit_unsealed": CHAIN,
    "auditlog_logentry": "A second history for reading, added to only; its rows are sealed themselves, or of a sealed file.",
    "auth_group": OWNERS,
    "auth_group_permissions": OWNERS,
    "auth_permission": OWNERS,
    "cases_nibrsoffense": OWNERS,
    "django_admin_log": "The administration's list of last steps, for reading; the rows it tells of are sealed.",
    "django_content_type": OWNERS,
    "django_session": "Comes and goes with each visit. Whoever has the signing key makes sessions anyway; sign-ins are sealed.",
    "guardian_groupobjectpermission": OWNERS,
    "parking_publicagency": OWNERS,
    "policy_releasedefault": OWNERS,
    "usersessions_usersession": "Comes and goes with each session; signing in and out are sealed acts.",
}
COLUMNS = {
    "accounts_apitoken.last_used_at": "Renewed with each use. What was done with the token is sealed.",
    "accounts_apitoken.last_used_from": "Renewed with each use, as above.",
    "accounts_user.last_login": "Renewed with each sign-in, which is a sealed act of its own.",
    "cases_case.last_event_at": "Renewed with each entry of the timeline, and the entries are sealed. It only orders lists.",
    "leads_importbatch.heartbeat_at": "That the import lives, renewed every few seconds.",
    "leads_importbatch.imported": "Counted on with each photo; every photo is sealed.",
    "leads_importbatch.duplicates": "Counted on with each photo.",
    "leads_importbatch.rejected": "Counted on with each photo; each refused one is a sealed row.",
    "leads_searchrequest.heartbeat_at": "That the search lives, renewed every few seconds.",
    "mfa_authenticator.last_used_at": "Renewed with each sign-in, which is a sealed act of its own.",
    "parking_device.last_seen_at": "Renewed with each delivery.",
    "parking_device.skew_seconds": "Renewed with each delivery. An alert's minutes stand in the alert, which is sealed.",
}


def unsealed_tables() -> dict[str, str]:
    """Each table that is not sealed, with its reason; empty where nobody gave one."""
    sealed = {model._meta.db_table for model in sealed_models()}
    return {t: TABLES.get(t) or _own_reason(model) for t, model in every_table().items() if t not in sealed}


def left_out_columns() -> set[str]:
    """`table.column` of each column that a sealed table's digest leaves out."""
    seals = {model._meta.db_table: seal_of(model) for model in sealed_models()}
    return {f"{table}.{name}" for table, seal in seals.items() if seal for name in seal.left_out}


def _own_reason(model: type[Model]) -> str:
    return getattr(model, "unsealed_because", "") or getattr(model, "working_row", "")
