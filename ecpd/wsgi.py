"""WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["ECPD_PROCESS"] = "web"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecpd.settings")
application = get_wsgi_application()
