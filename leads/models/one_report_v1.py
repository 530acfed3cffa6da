"""Whether two links are of one report, one object, one record or one witness, in the database, first version. Do not edit: a
migration refers to it; a change is a version 2.

The same file, report or witness counts once (FR-10), however often an exhibit is entered for it. Files are compared by
`ecpd_kin`; this is about what the links say of them.
"""

from ecpd.audit.pinned import FunctionV1

# What was typed, without what a keyboard or a copyist may leave away: wide forms, accents, capitals, signs that are not seen.
_SIGNS = "chr(768) || '-' || chr(879) || chr(173) || chr(8203) || '-' || chr(8207) || chr(8288) || chr(65279)"
PLAIN = f"lower(regexp_replace(normalize({{}}, NFKD), '[' || {_SIGNS} || ']', '', 'g'))"
# The words and numbers of what was typed, in one spelling: "FP-26/0640" is "fp 26 640"; NULL where there are none.
IN_ONE_SPELLING = FunctionV1(
    "ecpd_in_one_spelling",
    "given text",
    "text",
    f"""
SELECT string_agg(COALESCE(NULLIF(ltrim(m.w[1], '0'), ''), '0'), ' ' ORDER BY m.n)
FROM regexp_matches({PLAIN.format("given")}, '[[:alpha:]]+|[0-9]+', 'g') WITH ORDINALITY m(w, n)""",
)
# The numbers by which others keep what a link is of: the laboratory's, the process's, or the custodian's reference.
NUMBERS = FunctionV1(
    "ecpd_numbers_of",
    "details jsonb",
    "SETOF text",
    """
SELECT s.spelled FROM (VALUES (details ->> 'lab_number'), (details ->> 'process_number'), (details ->> 'reference')) v(given)
    CROSS JOIN LATERAL public.ecpd_in_one_spelling(v.given) s(spelled) WHERE s.spelled IS NOT NULL""",
)
_WHOLE = "public.ecpd_in_one_spelling({one} ->> '{name}')"


def _all_the_same(*names: str) -> str:
    return (
        "("
        + " AND ".join(f"{_WHOLE.format(one='one', name=n)} = {_WHOLE.format(one='other', name=n)}" for n in names)
        + ")"
    )


_SAME_RECORD, _SAME_OBJECT = (
    _all_the_same("record", "period", "place"),
    _all_the_same("found_at", "found_by", "found_date"),
)
# One number is the other, or stands in it as a whole: "FP-78, second copy" is FP-78, and FP-780 is not. A record of
# the same kind, time and place is one whatever its numbers; objects of one place, day and finder are one where no two references
# tell them apart.
ONE_REPORT = FunctionV1(
    "ecpd_one_report",
    "one jsonb, other jsonb",
    "boolean",
    f"""
SELECT EXISTS (SELECT 1 FROM public.ecpd_numbers_of(one) mine(n), public.ecpd_numbers_of(other) theirs(n)
        WHERE mine.n = theirs.n
           OR mine.n ~ ' ' AND mine.n ~ '[0-9]' AND position(' ' || mine.n || ' ' IN ' ' || theirs.n || ' ') > 0
           OR theirs.n ~ ' ' AND theirs.n ~ '[0-9]' AND position(' ' || theirs.n || ' ' IN ' ' || mine.n || ' ') > 0)
    OR {_SAME_RECORD}
    OR (public.ecpd_in_one_spelling(one ->> 'reference') IS NULL
        OR public.ecpd_in_one_spelling(other ->> 'reference') IS NULL) AND {_SAME_OBJECT}""",
)
_NAMES = """(SELECT DISTINCT w FROM regexp_split_to_table({}, '[[:space:][:punct:][:digit:]]+') w
        WHERE w <> '' AND w NOT IN ('mr', 'mrs', 'ms', 'miss', 'dr', 'officer', 'det', 'sgt', 'witness'))"""
_LETTERS = "NULLIF(regexp_replace({}, '[[:space:][:punct:][:digit:]]+', '', 'g'), '')"
_FITS = "(a.w = b.w OR length(a.w) = 1 AND starts_with(b.w, a.w) OR length(b.w) = 1 AND starts_with(a.w, b.w))"
# One name is the other, or has nothing that the other has not, in whatever order, an initial for the name: "Lund, Peter" is
# "P. Lund".
ONE_WITNESS = FunctionV1(
    "ecpd_one_witness",
    "one text, other text",
    "boolean",
    f"""
WITH mine AS {_NAMES.format(PLAIN.format("one"))}, theirs AS {_NAMES.format(PLAIN.format("other"))}
SELECT COALESCE({_LETTERS.format(PLAIN.format("one"))} = {_LETTERS.format(PLAIN.format("other"))}, false)
    OR EXISTS (SELECT 1 FROM mine a JOIN theirs b ON a.w = b.w AND length(a.w) > 1)
       AND (NOT EXISTS (SELECT 1 FROM mine a WHERE NOT EXISTS (SELECT 1 FROM theirs b WHERE {_FITS}))
            OR NOT EXISTS (SELECT 1 FROM theirs b WHERE NOT EXISTS (SELECT 1 FROM mine a WHERE {_FITS})))""",
)
# Whether what is linked has a custodian's number, with a digit in it, by which somebody finds it.
REFERENCED = "EXISTS (SELECT 1 FROM public.ecpd_numbers_of({0}) its(number) WHERE its.number ~ '[0-9]')"
