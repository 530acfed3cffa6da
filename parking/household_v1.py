"""The household of an address in the database, first version. Do not edit: a migration refers to it; a change is a version 2."""

from ecpd.audit.pinned import FunctionV1
from parking.permits.words_v1 import SHORT, UNIT_WORDS

_PLAIN = r"regexp_matches(upper(regexp_replace(normalize({}, NFKD), '[^\x01-\x7f]', '', 'g')), '[A-Z0-9]+', 'g')"
_SHORTER = " ".join(f"WHEN '{long}' THEN '{short}'" for long, short in sorted(SHORT.items()))
_LEFT_OUT = ", ".join(f"'{word}'" for word in sorted(UNIT_WORDS))

# As `household.address_key`: one spelling for one household.
ADDRESS_KEY = FunctionV1(
    "ecpd_address_key",
    "address text, unit text",
    "text",
    f"""
    SELECT coalesce((SELECT string_agg(CASE w[1] {_SHORTER} ELSE w[1] END, ' ' ORDER BY n)
                     FROM {_PLAIN.format("address")} WITH ORDINALITY AS words(w, n)), '')
        || coalesce((SELECT ' #' || string_agg(w[1], ' ' ORDER BY n)
                     FROM {_PLAIN.format("unit")} WITH ORDINALITY AS words(w, n) WHERE w[1] NOT IN ({_LEFT_OUT})), '')""",
    volatility="IMMUTABLE",
)
