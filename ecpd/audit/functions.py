"""The functions that guards call, as they stand now; migrations put them in, `catalog` compares them.

A change here is a migration too: `migrations.RunSQL(NAME.sql, …)` of a copy that stays as it is.
"""

from ecpd.audit.certified_v2 import HAS_CERTIFICATE
from ecpd.audit.locking_v1 import LOCK_LEDGER_ROW
from ecpd.audit.own_rows_v1 import SERVED
from ecpd.audit.own_transaction_v2 import OWN_TRANSACTION
from ecpd.audit.pinned import FunctionV1
from ecpd.audit.seal_functions_v7 import SEAL_FUNCTIONS
from ecpd.checks.shape import SHAPED
from ecpd.checks.sql import JSON_HAPPENED, JSON_SAYS_SOMETHING, SAYS_SOMETHING

# The time by which the database judges. Only the owner can replace it (tests do, to move the clock).
NOW = FunctionV1("ecpd_now", "", "timestamp with time zone", "SELECT clock_timestamp()", volatility="VOLATILE")
PARAMETER = FunctionV1(
    "ecpd_parameter",
    "wanted text",
    "jsonb",
    """
DECLARE found jsonb;
BEGIN
    SELECT parameters -> wanted INTO found FROM public.policy_manualversion
        WHERE effective_from <= public.ecpd_now() ORDER BY effective_from DESC, id DESC LIMIT 1;
    IF found IS NULL THEN
        SELECT value INTO found FROM public.policy_releasedefault WHERE name = wanted;
    END IF;
    IF found IS NULL THEN
        RAISE EXCEPTION 'AU-04: The manual in force has no setting named %.', wanted USING ERRCODE = '23514';
    END IF;
    RETURN found;
END""",
    language="plpgsql",
)
PARAMETER_NUMBER = FunctionV1(
    "ecpd_parameter_number", "wanted text", "numeric", "SELECT (public.ecpd_parameter(wanted) #>> '{}')::numeric"
)
PARAMETER_INT = FunctionV1(
    "ecpd_parameter_int", "wanted text", "integer", "SELECT (public.ecpd_parameter(wanted) #>> '{}')::numeric::integer"
)
PARAMETER_BOOLEAN = FunctionV1(
    "ecpd_parameter_boolean", "wanted text", "boolean", "SELECT (public.ecpd_parameter(wanted) #>> '{}')::boolean"
)
# What the manual is at a moment: the versions that carry out no amendment, then every amendment that has taken effect.
# One that was approved against another value, because a later approval took effect before it, loosens nothing that was
# announced unless the council had it: its other settings count, this one stays as it is.
MANUAL_AT = FunctionV1(
    "ecpd_manual_at",
    "moment timestamptz",
    "jsonb",
    """
DECLARE found jsonb := '{}'; one record; wanted record; setting public.policy_releasedefault%ROWTYPE; holds jsonb;
BEGIN
    FOR one IN SELECT parameters FROM public.policy_manualversion WHERE amendment_id IS NULL ORDER BY id LOOP
        found := one.parameters || found;
    END LOOP;
    FOR one IN SELECT * FROM public.policy_amendment WHERE state = 'approved' AND effective_at <= moment
               ORDER BY effective_at, decided_at, id LOOP
        FOR wanted IN SELECT key, value FROM jsonb_each(one.changes) LOOP
            SELECT * INTO setting FROM public.policy_releasedefault d WHERE d.name = wanted.key;
            holds := COALESCE(found -> wanted.key, setting.value);
            CONTINUE WHEN setting.announced AND one.before ? wanted.key AND one.before -> wanted.key <> holds
                AND public.ecpd_loosens(setting.loosens, holds, wanted.value)
                AND NOT (public.ecpd_says_something(one.council_item)
                         AND one.effective_at >= one.proposed_at + interval '14 days');
            found := found || jsonb_build_object(wanted.key, wanted.value);
        END LOOP;
    END LOOP;
    RETURN found;
END""",
    language="plpgsql",
)
SETTING_FITS = FunctionV1(
    "ecpd_setting_fits",
    "wanted jsonb, bounds jsonb",
    "boolean",
    """
DECLARE found numeric;
BEGIN
    CASE bounds ->> 'is'
        WHEN 'yes_no' THEN RETURN jsonb_typeof(wanted) = 'boolean';
        WHEN 'text' THEN RETURN jsonb_typeof(wanted) = 'string'
            AND length(btrim(wanted #>> '{}')) BETWEEN (bounds ->> 'low')::int AND (bounds ->> 'high')::int;
        WHEN 'number' THEN
            IF jsonb_typeof(wanted) <> 'number' THEN RETURN false; END IF;
            found := (wanted #>> '{}')::numeric;
            RETURN found BETWEEN (bounds ->> 'low')::numeric AND (bounds ->> 'high')::numeric
                AND (found = trunc(found) OR NOT (bounds ->> 'whole')::boolean);
        WHEN 'some_of' THEN
            RETURN jsonb_typeof(wanted) = 'array' AND jsonb_array_length(wanted) > 0 AND wanted <@ (bounds -> 'choices')
                AND jsonb_array_length(wanted) = (SELECT count(DISTINCT each) FROM jsonb_array_elements(wanted) each);
        ELSE RETURN false;
    END CASE;
END""",
    language="plpgsql",
    volatility="IMMUTABLE",
)
LOOSENS = FunctionV1(
    "ecpd_loosens",
    "direction text, old_value jsonb, new_value jsonb",
    "boolean",
    """
    SELECT CASE direction
        WHEN 'down' THEN (new_value #>> '{}')::numeric < (old_value #>> '{}')::numeric
        WHEN 'up' THEN (new_value #>> '{}')::numeric > (old_value #>> '{}')::numeric
        WHEN 'on' THEN old_value = 'false' AND new_value = 'true'
        WHEN 'off' THEN old_value = 'true' AND new_value = 'false'
        WHEN 'more' THEN NOT new_value <@ old_value
        WHEN 'any' THEN new_value IS DISTINCT FROM old_value
        ELSE false END""",
    volatility="IMMUTABLE",
)
HAS_ROLE = FunctionV1(
    "ecpd_has_role",
    "person bigint, role text",
    "boolean",
    """
    SELECT EXISTS (
        SELECT 1 FROM public.accounts_user u
        JOIN public.accounts_user_groups ug ON ug.user_id = u.id
        JOIN public.auth_group g ON g.id = ug.group_id
        WHERE u.id = person AND u.is_active AND g.name = role)""",
)
# Whether a table's owner is at work himself. Only he can replace it (tests make accounts so).
OWNER_AT_WORK = FunctionV1(
    "ecpd_owner_at_work",
    "wanted oid",
    "boolean",
    "SELECT pg_has_role(current_user, c.relowner, 'USAGE') FROM pg_catalog.pg_class c WHERE c.oid = wanted",
)

FUNCTIONS = (
    *(NOW, OWNER_AT_WORK, HAS_ROLE, HAS_CERTIFICATE, PARAMETER, PARAMETER_NUMBER, PARAMETER_INT, PARAMETER_BOOLEAN),
    *(MANUAL_AT, SETTING_FITS, LOOSENS, SAYS_SOMETHING, JSON_SAYS_SOMETHING, JSON_HAPPENED, SHAPED, LOCK_LEDGER_ROW),
    *SEAL_FUNCTIONS,
    *OWN_TRANSACTION,
    SERVED,
)
_OF_APPS: list[FunctionV1] = []


def of_an_app(function: FunctionV1) -> FunctionV1:
    """Declare a function that an app's tables need; to be called where its models are made, its migrations put it in."""
    _OF_APPS.append(function)
    return function


def every_function() -> tuple[FunctionV1, ...]:
    """The base's functions and those of the apps."""
    return (*FUNCTIONS, *_OF_APPS)
