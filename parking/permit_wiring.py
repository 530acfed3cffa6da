"""What permits and exemptions add to the rest of parking: rights, a watcher of reads, history, waiting work."""


def connect() -> None:
    """Called once, when the app is ready."""
    from auditlog.registry import auditlog

    from ecpd.web import dashboard
    from parking import models, permit_tasks, permit_waiting  # noqa: F401 importing registers the task
    from parking.selectors.permit_right import exemption_rights, permit_rights
    from parking.selectors.rights import register
    from parking.services.looking.looking import watch
    from parking.services.permit_shared import watch_shared_permits

    for provider in (permit_rights, exemption_rights):
        register(provider)
    watch(watch_shared_permits)
    for model in (models.PermitClass, models.PermitApplication, models.Permit, models.GuestCode, models.Exemption):
        auditlog.register(model)
    dashboard.register(permit_waiting.applications_waiting)
