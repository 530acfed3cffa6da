"""ASGI entry point."""

import os

from django.core.asgi import get_asgi_application

os.environ["ECPD_PROCESS"] = "web"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecpd.settings")
application = get_asgi_application()
