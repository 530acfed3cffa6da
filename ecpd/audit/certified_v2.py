"""Whether somebody has a certificate that counts, second version: a suspension ends all of its kind that were issued until
then. Do not edit: a migration refers to it.
"""

from ecpd.audit.pinned import FunctionV1

CITY = "AT TIME ZONE 'America/Los_Angeles')::date"
HAS_CERTIFICATE = FunctionV1(
    "ecpd_has_certificate",
    "person bigint, wanted text",
    "boolean",
    f"""
    SELECT EXISTS (
        SELECT 1 FROM public.accounts_trainingcertificate c
        WHERE c.holder_id = person AND c.kind = wanted AND c.suspended_at IS NULL
          AND (public.ecpd_now() {CITY} BETWEEN c.issued_on AND c.expires_on
          AND NOT EXISTS (SELECT 1 FROM public.accounts_trainingcertificate s
                          WHERE s.holder_id = person AND s.kind = wanted AND (s.suspended_at {CITY} >= c.issued_on))""",
)
