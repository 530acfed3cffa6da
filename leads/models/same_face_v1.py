"""Whether two boxes are one face, in the database, first version. Do not edit: a migration refers to it; a change is a
version 2."""

from ecpd.audit.pinned import FunctionV1

# Boxes are left, top, width and height. As `leads.selectors.search.earlier_searches` has it: one face, where they cover
# half of the smaller; so a box inside another is of the same face, however small. What is no box is no face's.
SAME_FACE = FunctionV1(
    "ecpd_same_face",
    "one jsonb, other jsonb",
    "boolean",
    """
DECLARE
    box CONSTANT jsonpath := 'strict $.type() == "array" && $.size() == 4 && !exists($[*] ? (@.type() != "number"))
        && $[2] > 0 && $[3] > 0';
    wide numeric;
    high numeric;
BEGIN
    IF NOT COALESCE(jsonb_path_match(one, box, '{}', true) AND jsonb_path_match(other, box, '{}', true), false) THEN
        RETURN false;
    END IF;
    wide := least((one ->> 0)::numeric + (one ->> 2)::numeric, (other ->> 0)::numeric + (other ->> 2)::numeric)
          - greatest((one ->> 0)::numeric, (other ->> 0)::numeric);
    high := least((one ->> 1)::numeric + (one ->> 3)::numeric, (other ->> 1)::numeric + (other ->> 3)::numeric)
          - greatest((one ->> 1)::numeric, (other ->> 1)::numeric);
    RETURN wide > 0 AND high > 0 AND wide * high > 0.5 * least((one ->> 2)::numeric * (one ->> 3)::numeric,
                                                               (other ->> 2)::numeric * (other ->> 3)::numeric);
END""",
    language="plpgsql",
    volatility="IMMUTABLE",
)
