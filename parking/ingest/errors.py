"""What can be wrong with a delivery: all of it, or one of its items."""


class BadBatch(ValueError):
    """The body is no batch at all. `code` for the API, `str()` for the person who reads the device's log."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class BadItem(ValueError):
    """One item cannot be taken. Caught inside the parsers, which turn it into a `Rejected`."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
