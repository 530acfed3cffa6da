"""Locking a row that the application may not change, first version. Do not edit: a migration refers to it."""

from ecpd.audit.pinned import FunctionV1

# PostgreSQL lets only those lock a row who may change its table. A ledger's row is locked by its owner's function, which
# can do nothing else with it; other tables' rows the application locks by itself.
LOCK_LEDGER_ROW = FunctionV1(
    "ecpd_lock_ledger_row",
    "ledger text, key bigint",
    "boolean",
    """
DECLARE found boolean;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = to_regclass(format('public.%I', ledger))
                   AND t.tgname LIKE 'pgtrigger\\_au\\_01\\_append\\_only\\_%') THEN
        RAISE EXCEPTION 'AU-01: % is no ledger.', ledger USING ERRCODE = '23514';
    END IF;
    EXECUTE format('SELECT true FROM public.%I WHERE id = $1 FOR NO KEY UPDATE', ledger) INTO found USING key;
    RETURN coalesce(found, false);
END""",
    language="plpgsql",
    volatility="VOLATILE",
    definer=True,
)
