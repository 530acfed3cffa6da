"""The auditor's admin site: everything about conduct, read-only (AU-02)."""

from django.contrib import admin

from ecpd.accounts.roles import Role


class AuditAdminSite(admin.AdminSite):
    """Open to auditors (read-only) and administrators (accounts only)."""

    site_header = "ECPD Audit"
    site_title = "ECPD Audit"
    index_title = "Records of conduct"
    enable_nav_sidebar = True

    def has_permission(self, request) -> bool:
        """Auditors and administrators, nobody else."""
        names = getattr(request.user, "role_names", frozenset())
        return bool(names & {Role.AUDITOR, Role.ADMINISTRATOR})
