"""What the functions of the matter cost, told to the planner, first version. Do not edit: a migration refers to it; a change
is a version 2.

PostgreSQL takes a function for as cheap as an addition (COST 100 at most). These read tables: a query that asks one of them
about a row must first find the few rows of the matter, and not ask it about every search of the department. Costs are in
`cpu_operator_cost`; rows are how many a function returns, where the planner would otherwise expect 1,000.
"""

OF_A_PAIR, OF_A_MATTER = 10_000, 50_000
COSTS: dict[str, tuple[int, int | None]] = {
    "ecpd_one_probe(bigint, bigint)": (OF_A_PAIR, None),
    "ecpd_one_face(bigint, bigint)": (OF_A_PAIR, None),
    "ecpd_one_report(jsonb, jsonb)": (OF_A_PAIR, None),
    "ecpd_one_witness(text, text)": (OF_A_PAIR, None),
    "ecpd_nearly_the_same(text, text)": (OF_A_PAIR, None),
    "ecpd_kin(bigint[])": (OF_A_PAIR, 5),
    "ecpd_made_of(bigint[])": (OF_A_PAIR, 5),
    "ecpd_rests_with(bigint[])": (OF_A_PAIR, 5),
    "ecpd_of_the_search(bigint)": (OF_A_MATTER, 5),
    "ecpd_matter(bigint)": (OF_A_MATTER, 3),
    "ecpd_candidates_of_the_face(bigint)": (OF_A_MATTER, 5),
    "ecpd_leads_of_the_face(bigint)": (OF_A_MATTER, 3),
    "ecpd_other_purposes(bigint)": (OF_A_MATTER, 3),
    "ecpd_knew_the_matter(bigint)": (OF_A_MATTER, 1),
}


def _alter(signature: str, cost: int, rows: int | None) -> str:
    return f"ALTER FUNCTION public.{signature} COST {cost}{'' if rows is None else f' ROWS {rows}'};"


TOLD = " ".join(_alter(signature, cost, rows) for signature, (cost, rows) in COSTS.items())
NOT_TOLD = " ".join(_alter(signature, 100, None if rows is None else 1000) for signature, (_, rows) in COSTS.items())
