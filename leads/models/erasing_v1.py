"""Erasing a template, first version. Do not edit: a migration refers to it; a change is a version 2."""

from ecpd.audit.pinned import FunctionV1

# The one way to a tombstone: the application calls it, the guards of the table decide. It can do nothing else.
ERASE_TEMPLATE = FunctionV1(
    "ecpd_erase_template",
    "opt_out bigint, face bigint",
    "boolean",
    """
BEGIN
    UPDATE public.leads_facevector SET embedding = NULL, erased_under_id = opt_out, active = false
        WHERE face_id = face AND embedding IS NOT NULL;
    RETURN FOUND;
END""",
    language="plpgsql",
    volatility="VOLATILE",
    definer=True,
)
