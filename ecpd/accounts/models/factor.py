"""Factor: allauth's second factors, with what the database holds of them (AC-01)."""

import pgtrigger
from allauth.mfa.models import Authenticator

from ecpd.audit import pinned
from ecpd.audit.anchors import lock
from ecpd.audit.records import NEWEST_STATE, guard, refuse
from ecpd.audit.sealed import Seal
from ecpd.checks.stamped import SLACK

# Of a factor that is there: its account is there too, since accounts are never deleted.
_LOCK = "PERFORM 1 FROM public.accounts_user u WHERE u.id = OLD.user_id FOR NO KEY UPDATE;"
_OTHER = (
    "EXISTS (SELECT 1 FROM public.mfa_authenticator a WHERE a.user_id = {0}.user_id AND a.id <> {0}.id"
    " AND a.type IN ('totp', 'webauthn'))"
)
# What a device made or an app was given, as it is kept: something that nothing can ever answer for is no second factor.
_SHAPED = {
    "totp": "({0}.data ->> 'secret') ~ '^gAAAA[A-Za-z0-9_-]{{90,}}=*$'",
    "webauthn": (
        "({0}.data #>> '{{credential,rawId}}') ~ '^[A-Za-z0-9_-]{{16,}}=*$'"
        " AND ({0}.data #>> '{{credential,response,clientDataJSON}}') ~ '^eyJ[A-Za-z0-9_-]{{40,}}=*$'"
        " AND ({0}.data #>> '{{credential,response,attestationObject}}') ~ '^[A-Za-z0-9_-]{{100,}}=*$'"
    ),
    "recovery_codes": (
        "jsonb_typeof({0}.data -> 'used_mask') = 'number' AND ({0}.data ->> 'seed') ~ '^gAAAA[A-Za-z0-9_-]{{90,}}=*$'"
    ),
}
_OF_USE = "CASE {0}.type " + " ".join(f"WHEN '{kind}' THEN {shape}" for kind, shape in _SHAPED.items()) + " END"
# What stays behind when this one goes: it was there before, and its person can sign in with it.
_STAYS = (
    "EXISTS (SELECT 1 FROM public.mfa_authenticator a WHERE a.user_id = OLD.user_id AND a.id <> OLD.id"
    f" AND a.type IN ('totp', 'webauthn') AND ({_OF_USE.format('a')})"
    " AND NOT public.ecpd_noted('mfa_authenticator', a.id::text))"
)
_RESCUED = (
    "EXISTS (SELECT 1 FROM public.accounts_rescue r WHERE r.user_id = {}.user_id AND r.used_at IS NULL"
    " AND r.ends_at > public.ecpd_now())"
)
_NOT_THE_LAST = f"""
IF OLD.type IN ('totp', 'webauthn') THEN
    {_LOCK}
    IF NOT {_STAYS} AND NOT {_RESCUED.format("OLD")} THEN
        {refuse("AC-01", "The last second factor of an account is not taken away.")}
    END IF;
END IF;
RETURN OLD;
"""
# The last to be asked. A rescue is the owner's: it took them all away.
_BY_ITS_PERSON = f"""
IF NOT (public.ecpd_decided('factor.remove', 'accounts.user', ARRAY[OLD.user_id::text], OLD.user_id)
        OR {_RESCUED.format("OLD")}) THEN
    {refuse("AC-01", "A second factor is taken away by its own person's decision.")}
END IF;
RETURN OLD;
"""
_FIRST_ONCE = f"""
IF NEW.type IN ('totp', 'webauthn') THEN
    {lock("public.accounts_user", "NEW.user_id", "AC-01")}    IF NOT {_OTHER.format("NEW")} THEN
        IF EXISTS (SELECT 1 FROM public.accounts_factorstate s WHERE s.user_id = NEW.user_id AND s.first_at IS NULL
                   AND s.enrol_hash <> '' AND (s.enrol_tries >= 5 OR s.enrol_until <= public.ecpd_now())) THEN
            {refuse("AC-01", "The enrolment code of this account is over: an administrator gives another.")}
        END IF;
        IF EXISTS (SELECT 1 FROM public.accounts_factorstate s WHERE s.user_id = NEW.user_id AND s.first_at IS NOT NULL)
            AND NOT {_RESCUED.format("NEW")} THEN
            {refuse("AC-01", "A first second factor is set up once; after that only a rescue opens the way.")}
        END IF;
        INSERT INTO public.accounts_factorstate AS s (user_id, last_step, failures, first_at)
        VALUES (NEW.user_id, 0, 0, public.ecpd_now())
        ON CONFLICT (user_id) DO UPDATE SET first_at = coalesce(s.first_at, public.ecpd_now());
        UPDATE public.accounts_rescue r SET used_at = public.ecpd_now()
        WHERE r.user_id = NEW.user_id AND r.used_at IS NULL;
    END IF;
END IF;
"""
# A name is its holder's; what counts a use has its own condition below; a secret is held apart, for its owner. Whatever
# else a factor may carry one day is fixed: a list of codes, for one.
_MAY_DIFFER = "ARRAY['name', 'used_mask', 'viewed_at', 'secret', 'seed']"
# The owner renews the keys that secrets are encrypted with (`manage.py renew_factor_secrets`); nobody else swaps one.
_FIXED = f"""
IF NEW.user_id <> OLD.user_id OR NEW.type <> OLD.type OR NEW.created_at <> OLD.created_at
    OR (NEW.data - {_MAY_DIFFER}) IS DISTINCT FROM (OLD.data - {_MAY_DIFFER})
    OR NOT pg_has_role(current_user, (SELECT c.relowner FROM pg_class c WHERE c.oid = TG_RELID), 'USAGE')
    AND (NEW.data -> 'secret' IS DISTINCT FROM OLD.data -> 'secret'
         OR NEW.data -> 'seed' IS DISTINCT FROM OLD.data -> 'seed') THEN
    {refuse("AC-01", "A second factor is not changed; another is added and this one removed.")}
END IF;
IF OLD.type = 'recovery_codes' AND (
    (OLD.data ->> 'used_mask')::bigint & (NEW.data ->> 'used_mask')::bigint
        IS DISTINCT FROM (OLD.data ->> 'used_mask')::bigint
    OR OLD.data ? 'viewed_at' AND OLD.data -> 'viewed_at' IS DISTINCT FROM NEW.data -> 'viewed_at') THEN
    {refuse("AC-01", "A recovery code counts once, and is shown once.")}
END IF;
"""
# What no code knows would stop its person's pages; a moment that is not now would hide when it came, or stop the reading.
_AS_KNOWN = f"""
IF TG_OP = 'INSERT' THEN
    IF ({_OF_USE.format("NEW")}) IS NOT TRUE THEN
        {refuse("AC-01", "A second factor is a passkey, an authenticator app or recovery codes, with what it is asked by.")}
    END IF;
END IF;
IF TG_OP = 'INSERT' AND NEW.created_at NOT BETWEEN public.ecpd_now() - {SLACK} AND public.ecpd_now() + {SLACK}
    OR NEW.last_used_at IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.last_used_at IS DISTINCT FROM OLD.last_used_at)
    AND NEW.last_used_at NOT BETWEEN public.ecpd_now() - {SLACK} AND public.ecpd_now() + {SLACK} THEN
    {refuse("AC-01", "When a second factor was set up or used is the moment it happens.")}
END IF;
"""
# Whoever adds one, the row that says so is added with it.
_NOTED = """
INSERT INTO public.accounts_factoradded (user_id, factor, kind, at) VALUES (NEW.user_id, NEW.id, NEW.type, public.ecpd_now());
RETURN NULL;
"""


class Factor(Authenticator):
    """A passkey, an authenticator app or an account's recovery codes.

    Sealed with its secret by a hash: a chain that is shown outside shows none.
    """

    row_seal = Seal(left_out=("last_used_at",), by_hash=("data",))

    class Meta:
        proxy = True
        verbose_name = "second factor"
        triggers = [
            pinned.Trigger(
                name="ac_01_last_factor_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func=f"{NEWEST_STATE}{_NOT_THE_LAST}",
            ),
            pinned.Trigger(
                name="zz_ac_01_own_decision",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func=f"{NEWEST_STATE}{_BY_ITS_PERSON}",
            ),
            guard("ac_01_first_factor_once", _FIRST_ONCE, on=pgtrigger.Insert),
            guard("ac_01_factor_as_known", _AS_KNOWN, on=pgtrigger.Insert | pgtrigger.Update),
            guard("ac_01_factor_fixed", _FIXED, on=pgtrigger.Update),
            pinned.Trigger(name="ac_01_added_is_noted", when=pgtrigger.After, operation=pgtrigger.Insert, func=_NOTED),
        ]
