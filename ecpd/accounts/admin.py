"""Accounts, for administrators; auditors read them."""

from typing import Any, ClassVar

import allauth.account.admin
import allauth.mfa.admin
import allauth.usersessions.admin  # noqa: F401 the same
import django.contrib.auth.admin  # noqa: F401 the same
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode

from ecpd.accounts import api_tokens, enrolment, forgotten, services
from ecpd.accounts.factor_record import with_record
from ecpd.accounts.factors import factors_of
from ecpd.accounts.models import ApiToken, FactorAdded, PasswordLock, TrainingCertificate, User
from ecpd.accounts.models.certificate import COVERS
from ecpd.accounts.models.sign_in import EVERYWHERE
from ecpd.accounts.roles import ACTIONS, Role, conflict
from ecpd.audit.read_only import ReadOnlyAdmin
from ecpd.policy.shown import token_of
from ecpd.problem import StaleState
from ecpd.web.words import day, moment

# The roles whose work a certificate opens: requesting searches, examining, line-ups.
NEED_ONE = ACTIONS["search.request"].roles | ACTIONS["review.conclude"].roles | ACTIONS["lineup.open"].roles

# Pages of other packages that nobody here may open: roles are given with the account, factors are secrets.
for _model in (Group, EmailAddress, Authenticator, UserSession):
    admin.site.unregister(_model)


class _Managed(ReadOnlyAdmin):
    """Read by auditors, managed by administrators, deleted by nobody."""

    manage = "account.manage"

    def has_module_permission(self, request) -> bool:
        """Shown to both."""
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None) -> bool:
        """Read by both."""
        return request.user.may(self.manage) or request.user.may("audit.view")

    def has_add_permission(self, request) -> bool:
        """Administrators add."""
        return request.user.may(self.manage)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Outside the admin's own transaction: the policy door opens the outermost one."""
        return self._changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, *args, **kwargs):
        """The form; our template says each error and where it is, in place of Django's "correct the error below"."""
        return super().render_change_form(request, context | {"errors": None}, *args, **kwargs)

    def save_related(self, request, form, formsets, change) -> None:
        """Nothing more to save: the service saves it all."""

    def changelist_view(self, request, extra_context=None):
        """The list; what an administrator's action asks for is not asked of an auditor."""
        answer = super().changelist_view(request, extra_context)
        if getattr(answer, "context_data", None) and not request.user.may(self.manage):
            answer.context_data["action_form"] = plain = ActionForm(auto_id=None)
            plain.fields["action"].choices = self.get_action_choices(request)  # type: ignore[attr-defined]
        return answer

    def get_actions(self, request):
        """Exports are the auditor's, the rest the administrator's."""
        actions = super().get_actions(request)
        own = {"release", "suspend", "open_password", "revoke", "enrol"}
        if request.user.may(self.manage):
            return {name: action for name, action in actions.items() if name in own}
        return {name: action for name, action in actions.items() if name not in own}


class RoleFilter(admin.RelatedFieldListFilter):
    """Filters accounts by role, in words."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.title = "role"

    @property
    def include_empty_choice(self) -> bool:
        """An account without a role is no choice called "-"."""
        return False

    def field_choices(self, field, request, model_admin):
        """The roles of the table."""
        return [
            (group.pk, Role(group.name).label) for group in Group.objects.filter(name__in=Role.values).order_by("pk")
        ]


ONE_SIDE = (
    "Administrator, auditor, investigator, and captain or chief exclude each other: choose from one of these four. "
    "A guest role stands alone (AC-10)."
)


class RolesMixin:
    """Roles that exclude each other are told beside the field, so that nothing typed is lost; the door asks again."""

    cleaned_data: dict[str, Any]

    def clean_roles(self) -> list[str]:
        """AC-10. Raises ValidationError for two roles that one account cannot have."""
        chosen = self.cleaned_data["roles"]
        if apart := conflict(chosen):
            one, other = (role.label.lower() for role in apart)
            raise ValidationError(f"One account cannot be {one} and {other}. Choose one of the two (AC-10).")
        return chosen


class AccountCreationForm(RolesMixin, AdminUserCreationForm):
    """A new account with its roles; the password passes the rules."""

    usable_password = None
    roles = forms.MultipleChoiceField(choices=Role.choices, widget=forms.CheckboxSelectMultiple, help_text=ONE_SIDE)

    class Meta:
        model = User
        fields = ["username", "rank", "first_name", "last_name", "badge"]


class AccountForm(RolesMixin, forms.ModelForm):
    """An account's names, whether it is in use, and its roles."""

    roles = forms.MultipleChoiceField(
        choices=Role.choices, widget=forms.CheckboxSelectMultiple, required=False, help_text=ONE_SIDE
    )
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = User
        fields = ["username", "rank", "first_name", "last_name", "badge", "is_active"]
        labels: ClassVar = {"is_active": "In use"}
        help_texts: ClassVar = {"is_active": "Take the tick away to end the account: its sessions and tokens end with it. "
                                "Accounts are never deleted."}  # fmt: skip

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["roles"].initial = sorted(self.instance.role_names)
            self.fields["shown"].initial = token_of(services.of_account(self.instance))


class NumberedActionForm(ActionForm):
    """The list's actions, with room for the number of a forgotten password."""

    number = forms.CharField(required=False, max_length=20, label="Number told, for a new password")


@admin.register(User)
class UserAdmin(_Managed):
    """Accounts: created with a password, disabled rather than deleted, released after a lock (AC-02)."""

    form = AccountForm
    list_display = ["username", "display_name", "roles", "is_active", "locked_from", "last_login"]
    list_filter = ["is_active", ("groups", RoleFilter)]
    search_fields = ["username", "first_name", "last_name", "badge"]
    actions = ["release", "open_password", "enrol", "export_csv"]
    action_form = NumberedActionForm
    readonly_fields = ["last_seen", "locked_from", "second_factors", "what_to_do"]

    def get_readonly_fields(self, request, obj=None):
        """Nothing was used yet of an account that is only being made."""
        return self.readonly_fields if obj else []

    def get_queryset(self, request):
        """With roles."""
        locks = PasswordLock.objects.filter(released_at__isnull=True)
        locked = Prefetch("password_locks", queryset=locks, to_attr="open_locks")
        return super().get_queryset(request).prefetch_related("groups", locked)

    def get_form(self, request, obj=None, change=False, **kwargs):
        """The creation form asks for a password."""
        return super().get_form(request, obj, change, **kwargs) if obj else AccountCreationForm

    def get_fieldsets(self, request, obj=None):
        """All fields in one list."""
        if obj:
            return [(None, {"fields": [*AccountForm.Meta.fields, "roles", "shown"]}),
                    ("How it is used", {"fields": self.readonly_fields})]  # fmt: skip
        return [(None, {"fields": [*AccountCreationForm.Meta.fields, "password1", "password2", "roles"]})]

    def has_change_permission(self, request, obj=None) -> bool:
        """Administrators change accounts, not their own."""
        return request.user.may(self.manage) and (obj is None or obj.pk != request.user.pk)

    @admin.display(description="Passwords locked from")
    def locked_from(self, user: User) -> str:
        """The sources whose passwords are not looked at (AC-02)."""
        return ", ".join("everywhere" if lock.source == EVERYWHERE else lock.source for lock in user.open_locks) or "-"

    @admin.display(description="Last signed in")
    def last_seen(self, user: User) -> str:
        """When the person last signed in."""
        return moment(user.last_login) if user.last_login else "Never"

    @admin.display(description="Second factors")
    def second_factors(self, user: User) -> str:
        """What the account has, without any secret (AC-01)."""
        kinds = {Authenticator.Type.WEBAUTHN: "Passkey", Authenticator.Type.TOTP: "Authenticator app"}
        return ", ".join(kinds[Authenticator.Type(factor.type)] for factor in factors_of(user)) or "None yet"

    @admin.display(description="What you can do")
    def what_to_do(self, user: User) -> str:
        """The list's actions, with this account alone in the list."""
        address = f"{reverse('admin:accounts_user_changelist')}?{urlencode({'id__exact': user.pk})}"
        words = "Release its passwords, give an enrollment code or let it set a new password"
        return format_html('<a href="{}">{}</a>', address, words)

    @admin.display(description="Roles")
    def roles(self, user: User) -> str:
        """The roles in words."""
        return user.role_words

    def save_model(self, request, obj, form, change) -> None:
        """Through the door; roles and whether it is in use take effect at once."""
        saved = services.save_account(user=obj, roles=form.cleaned_data["roles"], actor=request.user)
        if saved.enrolment_code:
            self._hand_over(request, saved, saved.enrolment_code)

    def _hand_over(self, request, user: User, code: str) -> None:
        messages.warning(request, f"Hand {user.display_name} the enrollment code {code}, not by e-mail. It is shown once, is "
                         "good for 14 days, and goes with the password when the second factor is set up.")  # fmt: skip

    @admin.action(description="Give an enrollment code", permissions=["change"])
    def enrol(self, request, queryset) -> None:
        """For one account that has no second factor yet."""
        if queryset.count() != 1:
            messages.error(request, "Choose one account.")
            return
        user = queryset.get()
        self._hand_over(request, user, enrolment.give_code(user=user, actor=request.user))

    @admin.action(description="Take passwords again where they are locked", permissions=["change"])
    def release(self, request, queryset) -> None:
        """Take their passwords again after too many were wrong."""
        for user in queryset.filter(password_locks__released_at__isnull=True, password_locks__isnull=False).distinct():
            services.release_account(user=user, actor=request.user)
            messages.success(request, f"Passwords of {user.display_name} are taken again.")

    @admin.action(description="Let the person set a new password", permissions=["change"])
    def open_password(self, request, queryset) -> None:
        """For one account, by the number that its person reads off the own screen; by two, where the factor is lost."""
        if queryset.count() != 1:
            messages.error(request, "Choose one account.")
            return
        user, number = queryset.get(), request.POST.get("number", "").strip()
        if not number:
            messages.error(request, f"Type the number that {user.display_name} tells you, beside the action.")
            return
        try:
            asked = forgotten.open_way(user=user, number=number, actor=request.user)
        except StaleState as error:
            messages.error(request, str(error))
            return
        how = "with a code of the second factor. Is it lost? Then a second administrator types the number too."
        messages.success(request, f"{user.display_name} can set a new password in the browser that shows the number, "
                         f"{how if asked.needs_factor else 'without the lost second factor.'}")  # fmt: skip


@admin.register(FactorAdded)
class FactorAddedAdmin(ReadOnlyAdmin):
    """Second factors as they were added, by whomever (AC-01)."""

    list_display = ["at", "user", "words", "on_record"]
    list_filter = ["kind", "at"]
    search_fields = ["user__username", "user__last_name"]
    list_select_related = ["user"]

    @admin.display(description="Noted by the pages too", boolean=True)
    def on_record(self, added: FactorAdded) -> bool:
        """Whether the chain has the note of the set-up pages. Without it, it was slipped in beside them.

        With it nothing is proved: an intruder in the web process can write that note as well.
        """
        return bool(added.noted)  # type: ignore[attr-defined]  # by `with_record`

    def get_queryset(self, request):
        """With whether each is on the record, asked once for the list."""
        return with_record(super().get_queryset(request))


@admin.register(ApiToken)
class ApiTokenAdmin(_Managed):
    """Everybody's API tokens (AC-01): made by their owners alone, ended here at once."""

    list_display = ["hint", "owner", "name", "scope", "expires_at", "last_used_at", "last_used_from", "revoked_at"]
    list_filter = ["scope", "expires_at", "revoked_at"]
    search_fields = ["owner__username", "owner__last_name", "name", "hint"]
    list_select_related = ["owner"]
    exclude = ["key_hash"]
    actions = ["revoke", "export_csv"]

    def has_add_permission(self, request) -> bool:
        """Nobody makes one for somebody else."""
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        """The list's action, no form."""
        return obj is None and request.user.may(self.manage)

    @admin.action(description="Revoke chosen tokens", permissions=["change"])
    def revoke(self, request, queryset) -> None:
        """End them."""
        for token in queryset.filter(revoked_at__isnull=True):
            api_tokens.revoke_token(token=token, actor=request.user)
            messages.success(request, f"{token} opens nothing any more.")


class CertificateForm(forms.ModelForm):
    """A new certificate; it runs as long as the manual says. Held by who searches or compares (FR-20)."""

    holder = forms.ModelChoiceField(
        User.objects.filter(is_active=True, groups__name__in=sorted(NEED_ONE))
        .distinct()
        .order_by("last_name", "username")
    )

    class Meta:
        model = TrainingCertificate
        fields = ["holder", "kind", "course", "issued_on", *COVERS]

    def clean_issued_on(self):
        """No training was passed in the future."""
        if self.cleaned_data["issued_on"] > timezone.localdate():
            raise ValidationError("This day is still to come. Enter the day on which the training was passed.")
        return self.cleaned_data["issued_on"]

    def clean(self):
        """FR-20: a facial-recognition certificate covers all three."""
        cleaned = super().clean()
        if cleaned.get("kind") == "facial_recognition" and not all(cleaned.get(name) for name in COVERS):
            raise ValidationError("The training covers all three, or it is no facial-recognition certificate (FR-20).")
        return cleaned

    def _post_clean(self) -> None:
        """The service checks the model: its end date is not asked here."""


class ReasonedActionForm(ActionForm):
    """The list's actions, with room for a reason."""

    reason = forms.CharField(required=False, max_length=1000, label="Reason for a suspension")


@admin.register(TrainingCertificate)
class CertificateAdmin(_Managed):
    """Certificates: issued, suspended with a reason, never changed."""

    manage = "certificate.issue"
    form = CertificateForm
    action_form = ReasonedActionForm
    list_display = ["holder", "kind", "issued_on", "expires_on", "is_current", "suspended_at", "issued_by"]
    list_filter = ["kind", "expires_on"]
    list_select_related = ["holder", "issued_by"]
    actions = ["suspend", "export_csv"]

    def save_form(self, request, form, change) -> TrainingCertificate:
        """Issue through the service; the form's own instance has no end date and is not kept."""
        answers = form.cleaned_data
        return services.issue_certificate(
            holder=answers["holder"], issued_by=request.user, course=answers["course"], kind=answers["kind"],
            issued_on=answers["issued_on"], **{name: answers[name] for name in COVERS},
        )  # fmt: skip

    def save_model(self, request, obj, form, change) -> None:
        """Saved by the service already; one that is over is said to be."""
        if obj.expires_on < timezone.localdate():
            messages.warning(request, f"It ended on {day(obj.expires_on)}: it is on record, and "
                             f"{obj.holder.display_name} may not search by it.")  # fmt: skip

    def log_addition(self, request, obj, message):
        """The chain has it; the admin's own log is not kept."""

    @admin.action(description="Suspend chosen certificates", permissions=["view"])
    def suspend(self, request, queryset) -> None:
        """Suspend at once, for the reason that is given beside the action."""
        reason = request.POST.get("reason", "").strip()
        if not reason:
            messages.error(request, "Give the reason beside the action: it stays with the certificate.")
            return
        for certificate in queryset.filter(suspended_at__isnull=True):
            services.suspend_certificate(certificate=certificate, actor=request.user, reason=reason)
