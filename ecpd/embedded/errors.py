"""What can go wrong with an embedded service, in one sentence."""


class ServiceError(Exception):
    """A service could not be started or stopped; the message says why and what to do."""
