"""The functions that write events, first version. Do not edit: a migration refers to them; a change is a version 2."""

from ecpd.audit.pinned import FunctionV1

# What a row is sealed as: without the columns left out, some columns by the SHA-256 of their text.
ROW_CONTENT = FunctionV1(
    "ecpd_row_content",
    "content jsonb, left_out text[], by_hash text[]",
    "jsonb",
    """
DECLARE found jsonb := content - left_out; name text;
BEGIN
    FOREACH name IN ARRAY by_hash LOOP
        IF found ->> name IS NOT NULL THEN
            found := jsonb_set(found, ARRAY[name], to_jsonb(encode(sha256(convert_to(found ->> name, 'UTF8')), 'hex')));
        END IF;
    END LOOP;
    RETURN found;
END""",
    language="plpgsql",
    volatility="IMMUTABLE",
    closed=True,
)
# The columns that a digest is made of. Not unique: two transactions may note the same shape, and neither waits.
ROW_SHAPE = FunctionV1(
    "ecpd_row_shape",
    "wanted text, content jsonb, hashed text[]",
    "bigint",
    """
DECLARE names jsonb; found bigint;
BEGIN
    SELECT jsonb_agg(k) INTO names FROM jsonb_object_keys(content) k;
    SELECT s.id INTO found FROM public.audit_rowshape s
    WHERE s.table_name = wanted AND s.columns = names AND s.by_hash = to_jsonb(hashed) ORDER BY s.id LIMIT 1;
    IF found IS NULL THEN
        INSERT INTO public.audit_rowshape (table_name, columns, by_hash) VALUES (wanted, names, to_jsonb(hashed))
        RETURNING id INTO found;
    END IF;
    RETURN found;
END""",
    language="plpgsql",
    volatility="VOLATILE",
    closed=True,
)
# The event of one row. Everything but the row itself is the database's own word: time, transaction, session, and the
# decision, which counts when it was made in this very transaction and opened the door.
ADD_EVENT = FunctionV1(
    "ecpd_add_event",
    "wanted text, label text, key text, operation text, content jsonb, hashed text[]",
    "void",
    """
DECLARE
    mine bigint := pg_current_xact_id()::text::bigint;
    behind_actor bigint; behind_name text; behind_case text; behind_decision bigint;
    actor bigint; actor_name text; action text; subject text[]; case_no text := ''; decision bigint;
    told jsonb := '{}'; address inet; event bigint;
BEGIN
    IF wanted = 'policy_decision' OR wanted = 'audit_conduct' THEN
        actor := (content ->> 'actor_id')::bigint;
        action := content ->> 'action';
        subject := ARRAY[content ->> 'subject_type', content ->> 'subject_id', content ->> 'subject_label'];
        case_no := content ->> 'case_number';
        address := (content ->> 'ip_address')::inet;
    END IF;
    IF wanted = 'policy_decision' THEN
        decision := key::bigint;
        told := jsonb_build_object('outcome', content ->> 'outcome');
    ELSE
        SELECT e.actor_id, e.actor_label, e.case_number, e.decision_id
        INTO behind_actor, behind_name, behind_case, behind_decision
        FROM public.audit_auditevent e
        WHERE e.txid = mine AND e.table_name = 'policy_decision' AND e.operation = 'I'
          AND e.detail ->> 'outcome' = 'allowed'
        ORDER BY e.id DESC LIMIT 1;
    END IF;
    IF wanted = 'audit_conduct' THEN
        told := content -> 'detail';
        decision := (content ->> 'decision_id')::bigint;
        IF decision IS NOT NULL AND NOT EXISTS (
                SELECT FROM public.audit_auditevent e WHERE e.txid = mine
                AND e.table_name = 'policy_decision' AND e.row_id = decision::text AND e.operation = 'I'
                AND e.actor_id IS NOT DISTINCT FROM actor AND e.action = content ->> 'action') THEN
            RAISE EXCEPTION 'AU-01: An entry names a decision of its own transaction, person and action, or none.'
                USING ERRCODE = '23514';
        END IF;
        IF decision IS NULL AND behind_decision IS NOT NULL AND behind_actor IS NOT DISTINCT FROM actor THEN
            decision := behind_decision;
        END IF;
    ELSIF wanted <> 'policy_decision' THEN
        action := CASE operation WHEN 'I' THEN 'record.added' WHEN 'U' THEN 'record.changed'
                                 WHEN 'D' THEN 'record.removed' ELSE 'record.found' END;
        subject := ARRAY[label, key, ''];
        actor := behind_actor;
        actor_name := COALESCE(behind_name, 'No decision');
        case_no := COALESCE(behind_case, '');
        decision := behind_decision;
    END IF;
    IF actor_name IS NULL THEN
        SELECT COALESCE(NULLIF(trim(concat_ws(' ', NULLIF(u.rank, ''), NULLIF(u.first_name, ''),
                                              NULLIF(u.last_name, ''))), ''), u.username)
        INTO actor_name FROM public.accounts_user u WHERE u.id = actor;
        actor_name := COALESCE(actor_name, content ->> 'actor_label', '');
    END IF;
    INSERT INTO public.audit_auditevent (
        format, at, actor_id, actor_label, action, subject_type, subject_id, subject_label, case_number, decision_id,
        detail, ip_address, table_name, row_id, operation, shape_id, digest,
        session_name, backend, txid, application, client)
    VALUES (
        2, public.ecpd_now(), actor, left(actor_name, 200), action, subject[1], subject[2], subject[3], case_no,
        decision, told, address, wanted, key, operation, public.ecpd_row_shape(wanted, content, hashed),
        encode(sha256(convert_to(content::text, 'UTF8')), 'hex'),
        session_user, pg_backend_pid(), mine, left(current_setting('application_name'), 64), inet_client_addr())
    RETURNING id INTO event;
    INSERT INTO public.audit_unsealed (event_id) VALUES (event);
END""",
    language="plpgsql",
    volatility="VOLATILE",
    closed=True,
)
# The trigger. Its arguments: the model's label, the key's column, columns left out, columns by their hash.
SEAL_ROW = FunctionV1(
    "ecpd_seal_row",
    "",
    "trigger",
    """
DECLARE content jsonb := to_jsonb(CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END);
BEGIN
    IF TG_OP = 'UPDATE' AND (content - TG_ARGV[2]::text[])::text = (to_jsonb(OLD) - TG_ARGV[2]::text[])::text THEN
        RETURN NULL;
    END IF;
    PERFORM public.ecpd_add_event(
        TG_TABLE_NAME, TG_ARGV[0], content ->> TG_ARGV[1], left(TG_OP, 1),
        public.ecpd_row_content(content, TG_ARGV[2]::text[], TG_ARGV[3]::text[]), TG_ARGV[3]::text[]);
    RETURN NULL;
END""",
    language="plpgsql",
    volatility="VOLATILE",
    definer=True,
    closed=True,
)
# The genesis seal: an event for each row that has none. `again`: for every row, after a column of the table went.
SEAL_FOUND = FunctionV1(
    "ecpd_seal_found",
    "wanted regclass, again boolean",
    "bigint",
    r"""
DECLARE told text[]; found bigint := 0; name text; content jsonb;
BEGIN
    SELECT c.relname, string_to_array(encode(t.tgargs, 'escape'), '\000') INTO name, told
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE t.tgrelid = wanted AND t.tgfoid = 'public.ecpd_seal_row'::regproc;
    FOR content IN EXECUTE format(
        'SELECT to_jsonb(t) FROM %s t WHERE $1 OR NOT EXISTS (SELECT FROM public.audit_auditevent e
         WHERE e.table_name = $2 AND e.row_id = t.%I::text) ORDER BY t.%I', wanted, told[2], told[2]) USING again, name
    LOOP
        PERFORM public.ecpd_add_event(
            name, told[1], content ->> told[2], 'G',
            public.ecpd_row_content(content, told[3]::text[], told[4]::text[]), told[4]::text[]);
        found := found + 1;
    END LOOP;
    RETURN found;
END""",
    language="plpgsql",
    volatility="VOLATILE",
    closed=True,
)
SEAL_FUNCTIONS = (ROW_CONTENT, ROW_SHAPE, ADD_EVENT, SEAL_ROW, SEAL_FOUND)
