"""The admin site's configuration: Django's admin, with our site in it."""

from django.contrib.admin.apps import AdminConfig


class AuditAdminConfig(AdminConfig):
    """Puts the auditor's site in place of the default one."""

    default_site = "ecpd.audit.admin_site.AuditAdminSite"
