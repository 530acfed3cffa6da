"""Whether two links are of one report, object or record, or of one witness, in the database, second version. Do not edit: a
migration refers to it; a change is a version 3.

The same file, report or witness counts once (FR-10), however often an exhibit is entered for it. Files are compared by
`ecpd_kin`; this is about what the links say of them.
"""

from ecpd.audit.pinned import FunctionV1
from leads.models.one_report_v1 import _SAME_OBJECT, _SAME_RECORD, _SIGNS, PLAIN

# The numbers of what was typed, in one spelling, without the words beside them.
_DIGITS = "btrim(regexp_replace(regexp_replace({}, '[^0-9 ]+', ' ', 'g'), ' +', ' ', 'g'))"
_MIXED = "({0} ~ '[0-9]' AND {0} ~ '[[:alpha:]]')"
_STANDS_IN = "position(' ' || {0} || ' ' IN ' ' || {1} || ' ') > 0"
_IN_TITLE = (
    "EXISTS (SELECT 1 FROM {numbers} n WHERE "
    + _MIXED.format("n.n")
    + " AND "
    + _STANDS_IN.format(
        "n.n", "public.ecpd_in_one_spelling(left(concat_ws(' ', {of} ->> 'exhibit_title', {of} ->> 'record'), 500))"
    )
    + ")"
)
# A number is compared with its like: the laboratory's with the laboratory's, the custodian's with the custodian's. One that has
# letters and digits is the same wherever it stands, also as a whole in another ("FP-78, second copy" is FP-78, and FP-780 is
# not), in what a record is called, or in the title of the exhibit, if `exhibit_title` says it; no more than 500 signs are read.
# Bare digits are one where all of them are the same. A record of the same kind, time and place is one whatever its numbers;
# objects of one place, day and finder are one where no two references tell them apart.
ONE_REPORT = FunctionV1(
    "ecpd_one_report",
    "one jsonb, other jsonb",
    "boolean",
    f"""
WITH mine AS (SELECT f AS field, s.n FROM unnest(ARRAY['lab_number', 'process_number', 'reference']) f
        CROSS JOIN LATERAL public.ecpd_in_one_spelling(left(one ->> f, 500)) s(n) WHERE s.n IS NOT NULL),
    theirs AS (SELECT f AS field, s.n FROM unnest(ARRAY['lab_number', 'process_number', 'reference']) f
        CROSS JOIN LATERAL public.ecpd_in_one_spelling(left(other ->> f, 500)) s(n) WHERE s.n IS NOT NULL)
SELECT COALESCE(EXISTS (SELECT 1 FROM mine, theirs
        WHERE mine.n = theirs.n AND (mine.field = theirs.field OR {_MIXED.format("mine.n")})
           OR {_MIXED.format("mine.n")} AND {_STANDS_IN.format("mine.n", "theirs.n")}
           OR {_MIXED.format("theirs.n")} AND {_STANDS_IN.format("theirs.n", "mine.n")}
           OR mine.field = theirs.field AND NOT ({_MIXED.format("mine.n")} AND {_MIXED.format("theirs.n")})
              AND {_DIGITS.format("mine.n")} ~ ' ' AND {_DIGITS.format("mine.n")} = {_DIGITS.format("theirs.n")})
    OR {_IN_TITLE.format(numbers="mine", of="other")} OR {_IN_TITLE.format(numbers="theirs", of="one")}
    OR {_SAME_RECORD}
    OR (public.ecpd_in_one_spelling(one ->> 'reference') IS NULL
        OR public.ecpd_in_one_spelling(other ->> 'reference') IS NULL) AND {_SAME_OBJECT}, false)""",
)
_TITLES = "('mr', 'mrs', 'ms', 'miss', 'dr', 'officer', 'det', 'sgt', 'witness', 'eyewitness', 'no', 'nr', 'number')"
_NOBODY = """('w', 'ci', 'cw', 'c', 'i', 's', 'confidential', 'informant', 'victim', 'person', 'unknown', 'anonymous', 'caller',
        'source', 'neighbor', 'clerk', 'jane', 'john', 'doe', 'roe', 'male', 'female')"""
# The ways to read what was typed as the name of a witness, each as its words: all of it, and without what describes the person,
# in brackets, behind a colon, a dash, "of" and the like, or behind a comma ("Peter Lund, clerk", and not "Lund, Peter"). A number
# is a part of the name of somebody who is not named: "Witness 1" is not "Witness 2".
READ_AS = FunctionV1(
    "ecpd_names_in",
    "given text",
    "SETOF text[]",
    rf"""
WITH said AS (SELECT regexp_replace(normalize(left(given, 500), NFKD), '[' || {_SIGNS} || ']', '', 'g') AS t),
    cut AS (SELECT t, regexp_replace(t,
        '\s*([,;:(\[{{/]|\s[-\u2013\u2014]+\s|\y(of|the|at|from|who|aka|alias)\y).*$', '', 'i') AS head FROM said),
    both_ways AS (SELECT t FROM cut
        UNION SELECT c.head FROM cut c CROSS JOIN LATERAL (SELECT substr(c.t, length(c.head) + 1) AS tail) x
            WHERE regexp_replace(x.tail, '\y(no|nr|number)\y', '', 'gi') ~ '[[:alpha:]]'
              AND (btrim(x.tail) !~ '^,' OR btrim(regexp_replace(c.head, '\y(mr|mrs|ms|miss|dr|officer|det|sgt)\y\.?', '', 'gi'))
                       ~ '[^[:space:]][[:space:]]+[^[:space:]]'
                   OR btrim(substr(btrim(x.tail), 2)) ~ '^[[:lower:]]')),
    read AS (SELECT b.t, ARRAY(SELECT COALESCE(NULLIF(ltrim(m.w[1], '0'), ''), '0')
            FROM regexp_matches(lower(b.t), '[^[:space:][:punct:][:digit:]]+|[0-9]+', 'g') m(w)
            WHERE m.w[1] NOT IN {_TITLES}) AS w FROM both_ways b)
SELECT CASE WHEN EXISTS (SELECT 1 FROM unnest(r.w) w WHERE w !~ '^[0-9]+$' AND length(w) > 1 AND w NOT IN {_NOBODY})
    THEN ARRAY(SELECT w FROM unnest(r.w) w WHERE w !~ '^[0-9]+$') ELSE r.w END FROM read r WHERE r.w <> '{{}}'""",
)
_FITS = "(a.w = b.w OR length(a.w) = 1 AND starts_with(b.w, a.w) OR length(b.w) = 1 AND starts_with(a.w, b.w))"
_NUMBERS = "ARRAY(SELECT DISTINCT w FROM unnest({0}.n) w WHERE w ~ '^[0-9]+$' ORDER BY w)"
_LETTERS = "NULLIF(regexp_replace({}, '[[:space:][:punct:]]+', '', 'g'), '')"
# One name is the other, or has nothing that the other has not, in whatever order, an initial for the name, by one of the ways to
# read each: "Lund, Peter" is "P. Lund (eyewitness)".
ONE_WITNESS = FunctionV1(
    "ecpd_one_witness",
    "one text, other text",
    "boolean",
    f"""
SELECT COALESCE({_LETTERS.format(PLAIN.format("one"))} = {_LETTERS.format(PLAIN.format("other"))}, false)
    OR EXISTS (SELECT 1 FROM public.ecpd_names_in(one) mine(n), public.ecpd_names_in(other) theirs(n)
        WHERE {_NUMBERS.format("mine")} = {_NUMBERS.format("theirs")}
          AND EXISTS (SELECT 1 FROM unnest(mine.n) a(w) JOIN unnest(theirs.n) b(w)
                      ON a.w = b.w AND (octet_length(a.w) > 1 OR a.w ~ '[0-9]'))
          AND (NOT EXISTS (SELECT 1 FROM unnest(mine.n) a(w)
                           WHERE NOT EXISTS (SELECT 1 FROM unnest(theirs.n) b(w) WHERE {_FITS}))
               OR NOT EXISTS (SELECT 1 FROM unnest(theirs.n) b(w)
                              WHERE NOT EXISTS (SELECT 1 FROM unnest(mine.n) a(w) WHERE {_FITS}))))""",
)
