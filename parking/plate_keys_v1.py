"""The keys of a plate in the database, first version. Do not edit: a migration refers to it; a change is a version 2."""

from ecpd.audit.pinned import FunctionV1

# As `likeness.deletion_keys` of a normalised plate: itself and what it becomes with one character less.
PLATE_KEYS = FunctionV1(
    "ecpd_plate_keys",
    "plate text",
    "text[]",
    """
    SELECT array_agg(k ORDER BY k COLLATE "C") FROM (
        SELECT plate AS k UNION
        SELECT left(plate, n - 1) || substr(plate, n + 1) FROM generate_series(1, length(plate)) n) keys""",
    volatility="IMMUTABLE",
)
