"""The functions that guards call, as they stand now; migrations put them in, `catalog` compares them.

A change here is a migration too: `migrations.RunSQL(NAME.sql, …)` of a copy that stays as it is.
"""

from ecpd.audit.pinned import FunctionV1

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
HAS_CERTIFICATE = FunctionV1(
    "ecpd_has_certificate",
    "person bigint, wanted text",
    "boolean",
    """
    SELECT EXISTS (
        SELECT 1 FROM public.accounts_trainingcertificate c
        WHERE c.holder_id = person AND c.kind = wanted AND c.suspended_at IS NULL
          AND (public.ecpd_now() AT TIME ZONE 'America/Los_Angeles')::date BETWEEN c.issued_on AND c.expires_on)""",
)

FUNCTIONS = (NOW, HAS_ROLE, HAS_CERTIFICATE, PARAMETER, PARAMETER_NUMBER, PARAMETER_INT, PARAMETER_BOOLEAN)
