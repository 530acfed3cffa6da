"""The web app: layout, components, template tags, error pages, the dashboard."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Nothing to start; the other apps register with ecpd.web.dashboard."""

    name = "ecpd.web"
    label = "web"
