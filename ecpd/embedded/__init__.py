"""Development services from PyPI wheels: PostgreSQL with pgvector, and Valkey, behind one context manager.

    with Services(data_dir) as services:
        services.environment  # DATABASE_URL, DATABASE_OWNER_URL, CELERY_BROKER_URL

Production points the same variables at its own servers and does not use this package.
"""

from ecpd.embedded.errors import ServiceError
from ecpd.embedded.services import Services, running_environment

__all__ = ["ServiceError", "Services", "running_environment"]
