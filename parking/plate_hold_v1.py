"""What a hold keeps, in the database, first version. Do not edit: a migration refers to it; a change is a version 2.

A read is a guess (PK-01): a hold keeps what may be its plate. Letters are compared as everywhere in parking, by their
deletion keys and by the equivalences that readers publish (0=O=D=Q, 1=I, 2=Z, 5=S, 6=G, 8=B); a state that nobody told, on
either side, may be any.
"""

from ecpd.audit.pinned import FunctionV1

_FOLDED = "translate({}, 'ODQSZIBG', '00052186')"
PLATE_HELD = FunctionV1(
    "ecpd_plate_held",
    "read_plate text, read_keys text[], read_state text, began timestamptz, ended timestamptz",
    "boolean",
    f"""
    SELECT read_plate <> '' AND EXISTS (
        SELECT FROM public.parking_platehold h WHERE h.released_at IS NULL
        AND (h.plate_state IN ('', 'OTHER') OR coalesce(read_state, '') IN ('', 'OTHER') OR h.plate_state = read_state)
        AND (h.since IS NULL OR h.since <= ended) AND (h.until IS NULL OR h.until >= began)
        AND (public.ecpd_plate_keys(h.plate) && read_keys
             OR {_FOLDED.format("h.plate")} = {_FOLDED.format("read_plate")}))""",
)
# Whatever was read of it: the reader's text, its other guesses, and what the second reader saw in its pictures.
READ_HELD = FunctionV1(
    "ecpd_read_held",
    "wanted bigint",
    "boolean",
    """
    SELECT EXISTS (SELECT FROM public.parking_platehold h WHERE h.released_at IS NULL) AND EXISTS (
        SELECT FROM public.parking_read r CROSS JOIN LATERAL (
            SELECT r.plate UNION
            SELECT found #>> '{}' FROM jsonb_path_query(r.candidates, '$[*].plate') found UNION
            SELECT i.opinion ->> 'text' FROM public.parking_plateimage i WHERE i.read_id = r.id) said(plate)
        WHERE r.id = wanted AND public.ecpd_plate_held(
            said.plate::text, public.ecpd_plate_keys(said.plate::text), r.plate_state::text, r.captured_at, r.captured_at))""",
)
