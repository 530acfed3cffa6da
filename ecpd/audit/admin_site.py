"""The auditor's admin site: everything about conduct, read-only (AU-02); accounts for administrators."""

from functools import update_wrapper

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse

from ecpd.accounts.roles import Role


class AuditAdminSite(admin.AdminSite):
    """Open to auditors (read-only) and administrators (accounts only)."""

    site_header = "ECPD Audit"
    site_title = "ECPD Audit"
    index_title = "What is on record"
    enable_nav_sidebar = False

    def has_permission(self, request) -> bool:
        """Auditors and administrators, nobody else."""
        names = getattr(request.user, "role_names", frozenset())
        return bool(names & {Role.AUDITOR, Role.ADMINISTRATOR})

    def admin_view(self, view, cacheable=False):
        """As Django's, but who is signed in without the role is refused at once, not sent to sign in again."""

        def for_the_role(request, *args, **kwargs):
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return inner(request, *args, **kwargs)

        inner = super().admin_view(view, cacheable)
        return update_wrapper(for_the_role, view)

    def each_context(self, request):
        """The head says what this person comes for: an administrator's pages are accounts, not the audit."""
        auditing = Role.AUDITOR in getattr(request.user, "role_names", ())
        word = "ECPD Audit" if auditing else "ECPD Accounts"
        return super().each_context(request) | {"site_header": word, "site_title": word}

    def index(self, request, extra_context=None):
        """The records, and above them what waits for this person or is told."""
        from ecpd.accounts.dashboard import locked, told

        waiting = [*locked(request.user), *told(request.user)]
        title = self.index_title if Role.AUDITOR in request.user.role_names else "Accounts"
        return super().index(request, {"waiting": waiting, "title": title} | (extra_context or {}))

    def app_index(self, request, app_label, extra_context=None):
        """The lists of one part, headed by its name."""
        title = apps.get_app_config(app_label).verbose_name
        return super().app_index(request, app_label, {"title": title} | (extra_context or {}))

    def password_change(self, request, extra_context=None):
        """There is one page for it, where a wrong old password counts (AC-02)."""
        return redirect("account_change_password")

    def login(self, request, extra_context=None):
        """There is one way to sign in; who is signed in without the role is refused."""
        if request.user.is_authenticated:
            if self.has_permission(request):
                return redirect("admin:index")
            raise PermissionDenied
        return redirect_to_login(reverse("admin:index"), reverse("account_login"))
