"""A search's list follows from its template, the gallery and the card: what the database works out once more (FR-07).

Asked as a search becomes done. PostgreSQL has the templates of an exact search, so it compares them itself: how many
were in use, how similar each that is listed is, that none is left out who is more similar, and each score. A search that
is not exact (over bits of templates, or over another server's) could not be compared here, so it makes no list yet.

What it cannot see: whether the probe's template was measured of the probe. A picture is no number to PostgreSQL; two
searches for one face of one picture have one template at least, wherever its box lies, and an edit has no other person's.
A face is one that a look for faces found on that picture; what the first look wrote down stays.
"""

from ecpd.audit.functions import of_an_app
from ecpd.audit.records import refuse
from leads.models.match_score_v1 import MATCH_SCORE
from leads.models.photo import is_of
from leads.models.same_face_v1 import SAME_FACE

LENGTH_WITHIN = 0.001  # half-precision numbers keep a length of 1 to about 0.00002
COSINE_WITHIN = 0.0001
STANDS_OUT_WITHIN = 0.01  # standard deviations; pages show one decimal
MOST_LISTED = 50  # the most that the manual may ask for, and how many are looked at
SCORE_WITHIN = 0.0015  # scores are kept to three decimals, rounded down

# In it nobody opts out and no photo comes in: who does either holds a source, as who ends a search does.
EVERY_FACE = f"""
PERFORM 1 FROM leads_gallerysource s ORDER BY s.id FOR SHARE;
SELECT COALESCE(array_agg(c.face_id), '{{}}'), count(*), min(c.cosine) INTO listed, how_many, last_cosine
    FROM leads_candidate c WHERE c.search_id = NEW.id;
SELECT count(*), max(-(v.embedding <#> NEW.probe_embedding)) FILTER (WHERE v.face_id <> ALL (listed))
    INTO in_use, best_left FROM leads_facevector v WHERE v.active AND v.model_id = NEW.model_id;
SELECT m.content -> 'fits' INTO fits FROM leads_modelcard m WHERE m.id = NEW.model_card_id;
IF NEW.gallery_size IS DISTINCT FROM in_use THEN
    {refuse("FR-07", "The gallery of a search is every face in use, as many as there are.")}
END IF;
"""
# What the packet prints of the gallery, and up to which face a replay goes.
OF_THE_GALLERY = f"""
IF NEW.gallery_watermark IS DISTINCT FROM (SELECT COALESCE(max(v.face_id), 0) FROM leads_facevector v
        WHERE v.active AND v.model_id = NEW.model_id)
   OR jsonb_typeof(NEW.sources) IS DISTINCT FROM 'array' OR EXISTS (
        SELECT 1 FROM (SELECT DISTINCT g.name FROM leads_facevector v JOIN leads_gallerysource g ON g.id = v.source_id
                       WHERE v.active AND v.model_id = NEW.model_id) had
        FULL JOIN jsonb_array_elements(CASE jsonb_typeof(NEW.sources) WHEN 'array' THEN NEW.sources END) said(name)
            ON said.name = to_jsonb(had.name) WHERE had.name IS NULL OR said.name IS NULL) THEN
    {refuse("FR-07", "The sources of a search, and its newest face, are those of the gallery in use.")}
END IF;
"""
OTHER_PERSON = 0.7  # of two templates: an edit moves a face's own less, two people's lie about 1 apart
# SQL: the pictures that the probe was edited from or that were edited from it, as large in pixels but for a twentieth: a face
# stays where it is in them. Frames of one recording are no edits of each other, and a crop has other coordinates.
MADE_OF_EACH_OTHER = """WITH RECURSIVE made AS (
    SELECT k.id, k.derived_from_id FROM cases_evidence k WHERE k.id = NEW.probe_id
    UNION SELECT k.id, k.derived_from_id FROM cases_evidence k JOIN made
        ON (k.derived_from_id = made.id OR k.id = made.derived_from_id) AND k.kind IN ('photo', 'still'))
    SELECT made.id FROM made JOIN leads_probefaces f ON f.evidence_id = made.id AND f.state = 'done'
        JOIN leads_probefaces own ON own.evidence_id = NEW.probe_id AND own.state = 'done'
        WHERE abs(f.width - own.width) <= greatest(2, own.width / 20)
          AND abs(f.height - own.height) <= greatest(2, own.height / 20)"""
# The first look at the picture by the search's model counts, at whichever copy, or by another where this one never looked.
ITS_FACE = f"""
SELECT l.* INTO looked FROM leads_probefaces l JOIN cases_evidence e ON e.id = l.evidence_id
    JOIN cases_evidence own ON own.id = NEW.probe_id AND (e.id = own.id OR e.file_id = own.file_id)
    WHERE l.state = 'done' ORDER BY l.model_id = NEW.model_id DESC, l.id LIMIT 1;
IF looked.id IS NULL THEN
    {refuse("FR-07", "Nobody looked for faces on this picture; a search is for one that was found there.")}
END IF;
IF NOT public.ecpd_same_face(NEW.face -> 'box', jsonb_build_array(0, 0, looked.width, looked.height)) OR NOT EXISTS (
        SELECT 1 FROM jsonb_array_elements(CASE jsonb_typeof(looked.faces) WHEN 'array' THEN looked.faces END) there
        WHERE public.ecpd_same_face(there -> 'box', NEW.face -> 'box')) THEN
    {refuse("FR-07", "A search is for a face that was found on its picture and lies within it.")}
END IF;
"""
ITS_TEMPLATE = f"""
IF NEW.mode IS DISTINCT FROM 'exact' OR NEW.probe_embedding IS NULL
   OR abs(public.l2_norm(NEW.probe_embedding) - 1) > {LENGTH_WITHIN} THEN
    {refuse("FR-07", "A search is done by an exact comparison with the template of its probe, of length 1.")}
END IF;
IF NOT public.ecpd_same_face(NEW.face -> 'box', NEW.face -> 'box') THEN
    {refuse("FR-07", "The face of a search lies somewhere on its picture: left, top, width and height.")}
END IF;
{ITS_FACE}IF EXISTS (SELECT 1 FROM leads_searchrequest s JOIN cases_evidence e ON e.id = s.probe_id
           JOIN cases_evidence own ON own.id = NEW.probe_id
           WHERE s.id <> NEW.id AND s.state = 'done' AND s.model_id = NEW.model_id AND e.file_id = own.file_id
             AND public.ecpd_same_face(s.face -> 'box', NEW.face -> 'box')
             AND (s.probe_embedding <=> NEW.probe_embedding) > 0.01) THEN
    {refuse("FR-07", "The same face of the same picture has the template that an earlier search measured.")}
END IF;
IF EXISTS (SELECT 1 FROM leads_searchrequest s WHERE s.id <> NEW.id AND s.state = 'done' AND s.model_id = NEW.model_id
             AND s.probe_id IN ({MADE_OF_EACH_OTHER}) AND public.ecpd_same_face(s.face -> 'box', NEW.face -> 'box')
             AND (s.probe_embedding <=> NEW.probe_embedding) > {OTHER_PERSON}) THEN
    {refuse("FR-07", "An edit of a picture has no other face where an earlier search measured one.")}
END IF;
"""
IN_ORDER = f"""
IF how_many > ecpd_parameter_int('candidate_list_length') OR EXISTS (SELECT 1 FROM (
        SELECT c.rank, c.cosine, row_number() OVER (ORDER BY c.rank) AS place, lag(c.cosine) OVER (ORDER BY c.rank) AS better
        FROM leads_candidate c WHERE c.search_id = NEW.id) r WHERE r.rank <> r.place OR r.cosine > r.better) THEN
    {refuse("FR-07", "A list goes from rank 1 on without holes, the most similar first, as long as the manual lets it be.")}
END IF;
"""
SIMILAR = f"""
IF EXISTS (SELECT 1 FROM leads_candidate c LEFT JOIN leads_facevector v
               ON v.face_id = c.face_id AND v.active AND v.model_id = NEW.model_id
           WHERE c.search_id = NEW.id
             AND NOT COALESCE(abs(c.cosine + (v.embedding <#> NEW.probe_embedding)) <= {COSINE_WITHIN}, false)) THEN
    {refuse("FR-07", "How similar a candidate is follows from the two templates, both in use.")}
END IF;
IF EXISTS (SELECT 1 FROM leads_candidate c JOIN leads_galleryface f ON f.id = c.face_id
           JOIN leads_galleryphoto p ON p.id = f.photo_id WHERE c.search_id = NEW.id AND (NOT p.active OR EXISTS (
               SELECT 1 FROM leads_optout o WHERE o.withdrawn_at IS NULL AND {is_of("p")}))) THEN
    {refuse("FR-06", "Somebody who opted out meanwhile is in no list that is new.")}
END IF;
"""
SCORED = f"""
IF EXISTS (SELECT 1 FROM leads_candidate c CROSS JOIN LATERAL (
               SELECT min(public.ecpd_match_score(fit, c.cosine, in_use)) AS strict,
                      max(public.ecpd_match_score(fit, c.cosine, in_use)) AS high FROM jsonb_array_elements(fits) fit) s
           WHERE c.search_id = NEW.id AND NOT COALESCE(abs(c.match_score - s.strict) <= {SCORE_WITHIN}
                                                       AND abs(c.score_high - s.high) <= {SCORE_WITHIN}, false)) THEN
    {refuse("FR-07", "A match score follows from the card, the similarity and the gallery.")}
END IF;
"""
# Behind the end of a full list others may reach the bar: the search says so (`leads.selectors.search.CUT`).
NOBODY_LEFT_OUT = f"""
SELECT min(public.ecpd_match_score(fit, best_left, in_use)) >= ecpd_parameter_number('match_score_min') - {SCORE_WITHIN}
    INTO reaches FROM jsonb_array_elements(fits) fit;
IF best_left > last_cosine + {COSINE_WITHIN} OR reaches AND (how_many < ecpd_parameter_int('candidate_list_length')
        OR NOT COALESCE((NEW.parameters ->> 'above_bar_not_listed')::int > 0, false)) THEN
    {refuse("FR-07", "Nobody is left out of a list who is more similar than one on it, or reaches the bar unmentioned.")}
END IF;
IF how_many < ecpd_parameter_int('candidate_list_length') AND best_left > {COSINE_WITHIN} THEN
    {refuse("FR-14", "A list is as long as the manual has it, unless nobody who is left is similar at all.")}
END IF;
"""
# By what a list says of its photos people are named, and packets built.
AS_IN_THE_GALLERY = f"""
IF EXISTS (SELECT 1 FROM leads_candidate c JOIN leads_galleryface f ON f.id = c.face_id
           JOIN leads_galleryphoto p ON p.id = f.photo_id JOIN leads_gallerysource s ON s.id = p.source_id
           LEFT JOIN leads_gallerysubject n ON n.id = p.subject_id
           WHERE c.search_id = NEW.id AND (c.snapshot -> 'box' IS DISTINCT FROM f.box
               OR (c.snapshot ->> 'sha256', c.snapshot ->> 'source', c.snapshot ->> 'source_url', c.snapshot ->> 'caption',
                   c.snapshot ->> 'published_name', c.snapshot ->> 'captured_on', c.snapshot ->> 'synthetic')
               IS DISTINCT FROM (p.sha256, s.name, p.source_url, p.caption, COALESCE(n.published_name, ''),
                   COALESCE(to_char(p.captured_on, 'YYYY-MM-DD'), ''), p.synthetic::text))) THEN
    {refuse("FR-07", "What a list says of a photo is what the gallery says of it.")}
END IF;
"""
STANDS_OUT = f"""
IF EXISTS (SELECT 1 FROM leads_candidate c WHERE c.search_id = NEW.id AND c.standout IS NOT NULL) THEN
    SELECT (max(t.cosine) - avg(t.cosine) FILTER (WHERE t.place > 1))
           / NULLIF(stddev_pop(t.cosine) FILTER (WHERE t.place > 1), 0) INTO stands_out
        FROM (SELECT -d.distance AS cosine, row_number() OVER (ORDER BY d.distance) AS place FROM (
            SELECT v.embedding <#> NEW.probe_embedding AS distance FROM leads_facevector v
            WHERE v.active AND v.model_id = NEW.model_id ORDER BY 1 LIMIT {MOST_LISTED}) d) t;
    IF EXISTS (SELECT 1 FROM leads_candidate c WHERE c.search_id = NEW.id AND c.standout IS NOT NULL
               AND (c.rank <> 1 OR NOT COALESCE(abs(c.standout - stands_out) <= {STANDS_OUT_WITHIN}, false))) THEN
        {refuse("FR-07", "How far the first of a list stands out follows from the others that were looked at.")}
    END IF;
END IF;
"""
LIST_AS_MEASURED = f"""
IF NEW.state = 'done' AND OLD.state <> 'done' THEN
{ITS_TEMPLATE}{EVERY_FACE}{OF_THE_GALLERY}{IN_ORDER}{SIMILAR}{SCORED}{NOBODY_LEFT_OUT}{AS_IN_THE_GALLERY}{STANDS_OUT}
END IF;
"""
AS_MEASURED_NEEDS = [
    ("listed", "bigint[]"),
    ("how_many", "int"),
    ("in_use", "bigint"),
    ("last_cosine", "double precision"),
    ("best_left", "double precision"),
    ("fits", "jsonb"),
    ("reaches", "boolean"),
    ("stands_out", "double precision"),
    ("looked", "leads_probefaces%ROWTYPE"),
]
of_an_app(MATCH_SCORE)
of_an_app(SAME_FACE)
