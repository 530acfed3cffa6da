"""Brokers that are away."""

from tests.brokers import dead_broker, sends_to, silent_broker  # noqa: F401 fixtures
