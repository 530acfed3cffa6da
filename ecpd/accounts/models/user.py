"""User: a person of the department who signs in."""

from collections.abc import Iterator
from functools import cached_property

import pgtrigger
from django.conf import settings
from django.contrib.auth import hashers
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.crypto import salted_hmac

from ecpd.accounts import names
from ecpd.accounts.models.api_token import ends_with
from ecpd.accounts.models.granted import (
    NO_ROLE_EVER,
    THE_OWNER,
    another_of,
    by_an_administrator,
    decided,
    not_the_last,
    noted,
)
from ecpd.accounts.roles import STAFF, Role, may
from ecpd.audit import pinned
from ecpd.audit.fixed import ALWAYS
from ecpd.audit.records import NEVER_DELETED, guard, refuse
from ecpd.audit.sealed import Seal

# Whether the roles of the account of this id ({}) are such that Django's is_staff is true.
IS_STAFF = (
    "EXISTS (SELECT 1 FROM public.accounts_user_groups ug JOIN public.auth_group g ON g.id = ug.group_id"
    f" WHERE ug.user_id = {{}} AND g.name IN ({', '.join(repr(role.value) for role in sorted(STAFF))}))"
)
_NO_POWER_BESIDE_ROLES = f"""
IF NEW.is_superuser AND (TG_OP = 'INSERT' OR NOT OLD.is_superuser) THEN
    {refuse("AC-10", "No account is a superuser: what it may do follows from its roles.")}
END IF;
IF NEW.is_staff AND (TG_OP = 'INSERT' OR NOT OLD.is_staff AND NOT {IS_STAFF.format("NEW.id")}) THEN
    {refuse("AC-10", "Only an account with the role of administrator or auditor opens the admin.")}
END IF;
IF TG_OP = 'UPDATE' AND OLD.is_staff AND NOT NEW.is_staff THEN
    NEW.is_staff := {IS_STAFF.format("NEW.id")};
END IF;
"""
# A stale copy of the account that is saved brings no session back; in use or not, the old ones are over.
_SESSIONS_END = """
IF TG_OP = 'INSERT' THEN NEW.session_epoch := least(NEW.session_epoch, 1); RETURN NEW; END IF;
NEW.session_epoch := greatest(NEW.session_epoch, OLD.session_epoch);
IF NEW.is_active <> OLD.is_active THEN NEW.session_epoch := NEW.session_epoch + 1; END IF;
"""
# AC-05 counts from these, and a stale copy that is saved does not set them back. The owner may.
_USED_AS_IT_WAS = f"""
IF NOT {THE_OWNER} THEN
    NEW.last_login := greatest(NEW.last_login, OLD.last_login);
    NEW.enabled_at := greatest(NEW.enabled_at, OLD.enabled_at);
END IF;
"""
UNUSED_DAYS = 90  # CJIS Security Policy, AC-2(3)
_UNUSED = f"""greatest(OLD.date_joined, OLD.enabled_at, OLD.last_login,
    (SELECT max(t.last_used_at) FROM public.accounts_apitoken t WHERE t.owner_id = OLD.id))
    < ecpd_now() - interval '{UNUSED_DAYS} days'"""
# An account whose epoch is the greatest there is could not be disabled: it begins at one and rises in small steps.
_FEW_AT_A_TIME = "NEW.session_epoch - OLD.session_epoch <= 2"
# One account is not mistaken for another: a new name has letters that look like no others, and differs in what is read.
# The owner's migrations make the keys of older names anew.
_NAME_OF_ITS_OWN = f"""
IF TG_OP = 'INSERT' OR NEW.username <> OLD.username THEN
    IF NEW.username !~ '{names.ALLOWED}' THEN
        {refuse("AC-10", names.SENTENCE)}
    END IF;
    NEW.name_key := {names.key_sql("NEW.username")};
ELSIF NOT {THE_OWNER} THEN
    NEW.name_key := OLD.name_key;
END IF;
IF TG_OP = 'INSERT' OR (NEW.rank, NEW.first_name, NEW.last_name, NEW.badge)
    IS DISTINCT FROM (OLD.rank, OLD.first_name, OLD.last_name, OLD.badge)
    OR NEW.username <> OLD.username AND NEW.rank || NEW.first_name || NEW.last_name = '' THEN
    IF NEW.rank || NEW.first_name || NEW.last_name || NEW.badge !~ '{names.LATIN}' THEN
        {refuse("AC-10", names.IN_LATIN)}
    END IF;
    NEW.person_key := {names.person_sql("NEW")};
ELSIF NOT {THE_OWNER} THEN
    NEW.person_key := OLD.person_key;
END IF;
"""

_ON_A_NEW_ONE = decided(
    "account.manage",
    about="accounts.user",
    which="d.subject_id = ''",
    who=another_of([Role.ADMINISTRATOR.value], "NEW.id"),
)
# The last to be asked. One decision makes one account.
_MADE_BY_A_DECISION = f"""
IF TG_OP = 'INSERT' THEN
    IF NOT ({THE_OWNER} OR {NO_ROLE_EVER} OR ({_ON_A_NEW_ONE} AND NOT {noted("accounts_user")})) THEN
        {refuse("AC-10", "An account is made by an administrator's decision.")}
    END IF;
ELSIF NEW.is_active AND NOT OLD.is_active AND NOT ({THE_OWNER} OR {by_an_administrator("NEW.id")}) THEN
    {refuse("AC-10", "An account is taken into use again by another administrator's decision on it.")}
ELSIF OLD.is_active AND NOT NEW.is_active AND NOT ({THE_OWNER} OR {by_an_administrator("NEW.id")} OR {_UNUSED}) THEN
    {refuse("AC-10", "An account is disabled by another administrator's decision on it, or when nobody used it for long.")}
END IF;
IF TG_OP = 'UPDATE' AND (NEW.username, NEW.rank, NEW.first_name, NEW.last_name, NEW.badge)
    IS DISTINCT FROM (OLD.username, OLD.rank, OLD.first_name, OLD.last_name, OLD.badge)
    AND NOT ({THE_OWNER} OR {by_an_administrator("NEW.id")}) THEN
    {refuse("AC-10", "The name and badge of an account are changed by another administrator's decision on it.")}
END IF;
"""
# Also one that was forgotten, and one that is kept by a stronger hash at a sign-in.
_PASSWORD_BY_ITS_PERSON = f"""
IF NEW.password <> OLD.password AND NOT ({THE_OWNER}
    OR public.ecpd_decided('password.set', 'accounts.user', ARRAY[OLD.id::text], OLD.id)) THEN
    {refuse("AC-01", "A password is set by its own person's decision.")}
END IF;
"""


class User(AbstractUser):
    """An account. What it may do follows from its groups (ecpd.accounts.roles) and its certificates."""

    may_change = dict.fromkeys(
        (
            *("password", "last_login", "username", "first_name", "last_name", "email", "is_staff", "is_active"),
            *("rank", "badge", "name_key", "person_key"),
        ),
        ALWAYS,
    ) | {"session_epoch": _FEW_AT_A_TIME, "enabled_at": "NEW.is_active AND NOT OLD.is_active"}
    born_with = ("is_staff", "session_epoch", "name_key", "person_key")  # guards set each, whatever is written

    row_seal = Seal(left_out=("last_login",), by_hash=("password",))
    enrolment_code = ""  # of an account that was made a moment ago; kept nowhere but as a hash

    username = models.CharField(
        "user name",
        max_length=150,
        unique=True,
        help_text="Letters a to z without accents, digits, and . @ + - _",
        error_messages={"unique": names.TAKEN},
    )
    name_key = models.CharField(
        max_length=150,
        null=True,
        blank=True,
        unique=True,
        editable=False,
        help_text="The name as it is read, kept by the database; empty where an older account has the same.",
    )
    person_key = models.CharField(
        max_length=700,
        null=True,
        blank=True,
        unique=True,
        editable=False,
        help_text="Rank, name and badge as they are shown, kept by the database; empty where an older account has the same.",
    )
    rank = models.CharField(max_length=30, blank=True, help_text="As it stands before the name, for instance Det.")
    enabled_at = models.DateTimeField(
        "enabled again", null=True, blank=True, editable=False, help_text="By an administrator, after it was disabled."
    )
    token_actions: frozenset[str] | None = None  # the scope of the API token that this request came with
    badge = models.CharField("badge number", max_length=20, blank=True)
    session_epoch = models.PositiveIntegerField(
        default=1,
        editable=False,
        help_text="Sessions of an earlier epoch are over; it moves with the roles and with whether the account is in "
        "use (AC-11).",
    )

    class Meta(AbstractUser.Meta):
        triggers = [
            NEVER_DELETED,
            guard("ac_10_power_by_role", _NO_POWER_BESIDE_ROLES, on=pgtrigger.Insert | pgtrigger.Update),
            guard("ac_10_name_of_its_own", _NAME_OF_ITS_OWN, on=pgtrigger.Insert | pgtrigger.Update),
            guard("ac_11_sessions_end", _SESSIONS_END, on=pgtrigger.Insert | pgtrigger.Update),
            guard("ac_05_used_as_it_was", _USED_AS_IT_WAS, on=pgtrigger.Update),
            pinned.Trigger(
                name="ac_11_tokens_end",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                func=f"IF OLD.is_active AND NOT NEW.is_active THEN {ends_with('NEW.id')} END IF; RETURN NULL;",
            ),
            guard(
                "zz_ac_10_not_the_last",
                not_the_last("OLD.id", "OLD.is_active AND NOT NEW.is_active"),
                on=pgtrigger.Update,
            ),
            guard("zz_ac_01_password_by_person", _PASSWORD_BY_ITS_PERSON, on=pgtrigger.Update),
            guard("zz_ac_10_by_decision", _MADE_BY_A_DECISION, on=pgtrigger.Insert | pgtrigger.Update),
        ]
        verbose_name = "account"
        verbose_name_plural = "accounts"

    def __str__(self) -> str:
        return self.display_name

    def clean(self) -> None:
        """Raises ValidationError for a new name with other letters, or one that looks like another account's."""
        super().clean()
        self._is_nobody_else()
        others = type(self).objects.exclude(pk=self.pk)
        if self.pk and type(self).objects.filter(pk=self.pk, username=self.username).exists():
            return  # what an older version let in stays, and `manage.py doctor` names it
        if self.username and not names.is_allowed(self.username):  # its field says that an empty one is none
            raise ValidationError({"username": names.SENTENCE})
        if others.filter(name_key=names.key_of(self.username)).exists():
            raise ValidationError({"username": names.TAKEN})

    def _is_nobody_else(self) -> None:
        """Raises ValidationError where this would be shown as the person of another account; an older pair stays."""
        person = {field: getattr(self, field) for field in names.PERSON}
        shown = person if any((self.rank, self.first_name, self.last_name)) else person | {"username": self.username}
        same = self.pk and type(self).objects.filter(pk=self.pk, **shown).exists()
        key = None if same else names.person_of(username=self.username, **person)
        if not same and not names.in_latin(*person.values()):
            raise ValidationError(names.IN_LATIN)
        if key is not None and type(self).objects.exclude(pk=self.pk).filter(person_key=key).exists():
            raise ValidationError(names.SAME_PERSON)

    @property
    def display_name(self) -> str:
        """Rank and full name, or the user name where no name is entered: "Det. Renee Okafor"."""
        return " ".join(part for part in (self.rank, self.get_full_name()) if part) or self.username

    @property
    def short_name(self) -> str:
        """Rank and family name: "Det. Okafor"."""
        return " ".join(part for part in (self.rank, self.last_name) if part) or self.username

    @cached_property
    def role_names(self) -> frozenset[str]:
        """The roles of this account; empty when it is disabled."""
        if not self.is_active:
            return frozenset()
        read = self.__dict__.get("group_names")  # with the account itself, by AccountBackend.get_user
        names = {group.name for group in self.groups.all()} if read is None else set(read)
        return frozenset(names & set(Role.values))

    @property
    def role_words(self) -> str:
        """The roles in words, for a page."""
        return ", ".join(Role(name).label for name in sorted(self.role_names)) or "No role"

    def check_password(self, raw_password: str | None) -> bool:
        """Whether this is the password. A weaker hash of it is renewed at the sign-in (`services.renew_hash`), not here."""
        return hashers.check_password(raw_password, self.password)

    def get_session_auth_hash(self) -> str:
        """What a session must carry to be this account's: it changes with password and epoch (AC-11)."""
        return self._session_hash(settings.SECRET_KEY)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same with older signing keys."""
        return (self._session_hash(key) for key in settings.SECRET_KEY_FALLBACKS)

    def _session_hash(self, secret: str | bytes) -> str:
        value = f"{self.password}:{self.session_epoch}"
        return salted_hmac("ecpd.accounts.session", value, secret=secret, algorithm="sha256").hexdigest()

    def may(self, action: str) -> bool:
        """Whether one of this account's roles opens the action, and the token it came with, if any."""
        return may(self.role_names, action) and (self.token_actions is None or action in self.token_actions)

    @cached_property
    def current_certificate(self):
        """The facial-recognition certificate in force now, or None (FR-01)."""
        return self.certificates.current("facial_recognition").first()
