"""Whether somebody has a certificate that counts, first version. Do not edit: a migration refers to it."""

from ecpd.audit.pinned import FunctionV1

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
