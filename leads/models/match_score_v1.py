"""The match score in the database, first version. Do not edit: a migration refers to it; a change is a version 2."""

from ecpd.audit.pinned import FunctionV1

# What `leads.recognition.matchscore.TailFit.score` says of one fit of a card. PostgreSQL raises where a power of e is too
# small for a number, so that those are nothing here.
MATCH_SCORE = FunctionV1(
    "ecpd_match_score",
    "fit jsonb, cosine double precision, people bigint",
    "double precision",
    """
DECLARE
    u double precision := (fit ->> 'u')::double precision;
    above double precision := (fit ->> 'p_above')::double precision;
    shape double precision := (fit ->> 'shape')::double precision;
    beyond double precision := (cosine - u) / (fit ->> 'scale')::double precision;
    kept double precision;
BEGIN
    IF cosine > u THEN
        IF abs(shape) < 1e-12 THEN
            above := above * exp(-least(beyond, 700));
        ELSIF 1 + shape * beyond <= 0 THEN
            above := 0;
        ELSE
            above := above * exp(greatest(-ln(1 + shape * beyond) / shape, -700));
        END IF;
    END IF;
    kept := greatest(people, 1) * ln(1 - above);
    kept := CASE WHEN kept < -700 THEN 0 ELSE 100 * exp(kept) END;
    RETURN CASE WHEN cosine > u THEN kept ELSE kept * greatest(0, cosine / u) END;
END""",
    language="plpgsql",
    volatility="IMMUTABLE",
)
