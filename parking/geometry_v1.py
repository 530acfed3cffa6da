"""Whether a GeoJSON geometry makes a point, a line or an area, in the database, first version.

Do not edit: a migration refers to it; a change is a version 2.
"""

from ecpd.audit.pinned import FunctionV1

# Every kind as a list of parts, a part as a list of lines or rings, so that one loop looks at all positions.
GEOMETRY_POSSIBLE = FunctionV1(
    "ecpd_geometry_possible",
    "said jsonb",
    "boolean",
    """
DECLARE kind text; c jsonb; parts jsonb; part jsonb; ring jsonb; spot jsonb; least int; apart int; size int;
BEGIN
    IF said IS NULL THEN RETURN true; END IF;
    IF jsonb_typeof(said) <> 'object' OR jsonb_typeof(said -> 'coordinates') IS DISTINCT FROM 'array' THEN
        RETURN false;
    END IF;
    kind := said ->> 'type';
    c := said -> 'coordinates';
    parts := CASE kind
        WHEN 'Point' THEN jsonb_build_array(jsonb_build_array(jsonb_build_array(c)))
        WHEN 'MultiPoint' THEN jsonb_build_array(jsonb_build_array(c))
        WHEN 'LineString' THEN jsonb_build_array(jsonb_build_array(c))
        WHEN 'MultiLineString' THEN jsonb_build_array(c)
        WHEN 'Polygon' THEN jsonb_build_array(c)
        WHEN 'MultiPolygon' THEN c END;
    IF parts IS NULL OR jsonb_array_length(parts) = 0 THEN RETURN false; END IF;
    least := CASE WHEN kind LIKE '%Polygon' THEN 4 WHEN kind LIKE '%LineString' THEN 2 ELSE 1 END;
    apart := CASE WHEN kind LIKE '%Polygon' THEN 3 WHEN kind LIKE '%LineString' THEN 2 ELSE 1 END;
    FOR part IN SELECT * FROM jsonb_array_elements(parts) LOOP
        IF jsonb_typeof(part) <> 'array' THEN RETURN false; END IF;
        IF jsonb_array_length(part) = 0 THEN RETURN false; END IF;
        FOR ring IN SELECT * FROM jsonb_array_elements(part) LOOP
            IF jsonb_typeof(ring) <> 'array' THEN RETURN false; END IF;
            IF jsonb_array_length(ring) < least OR least = 4 AND ring -> 0 IS DISTINCT FROM ring -> -1 THEN
                RETURN false;
            END IF;
            FOR spot IN SELECT * FROM jsonb_array_elements(ring) LOOP
                IF jsonb_typeof(spot) <> 'array' THEN RETURN false; END IF;
                size := coalesce(size, jsonb_array_length(spot));
                IF size NOT IN (2, 3) OR jsonb_array_length(spot) <> size
                   OR EXISTS (SELECT FROM jsonb_array_elements(spot) n WHERE jsonb_typeof(n) <> 'number') THEN
                    RETURN false;
                END IF;
                IF NOT ((spot ->> 0)::numeric BETWEEN -180 AND 180 AND (spot ->> 1)::numeric BETWEEN -90 AND 90) THEN
                    RETURN false;
                END IF;
            END LOOP;
            IF (SELECT count(DISTINCT s) FROM jsonb_array_elements(ring) s) < apart THEN RETURN false; END IF;
        END LOOP;
    END LOOP;
    RETURN true;
END""",
    language="plpgsql",
    volatility="IMMUTABLE",
)
