"""How a guard refuses: one way to raise, so that the engine knows a rule's refusal from an accident."""


def refuse(rule_id: str, sentence: str, *values: str) -> str:
    """PL/pgSQL that refuses the row under a rule; the engine turns it into PolicyDenied.

    Each `{}` of the sentence is replaced by one of `values`, SQL expressions: for naming what stands in the way.
    """
    quoted = f"{rule_id}: {sentence}".replace("'", "''").replace("%", "%%").replace("{}", "%")
    return f"RAISE EXCEPTION '{quoted}'{''.join(f', {value}' for value in values)} USING ERRCODE = '23514';"
