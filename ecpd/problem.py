"""The base of every error a person can meet: a code for the API, a sentence for the person (RFC 9457)."""


class ProblemError(Exception):
    """Subclasses set `code`, `title` and `status`; `message` says what is so and what to do next."""

    code = "problem"
    title = "That did not work"
    status = 400

    def __init__(self, message: str = "") -> None:
        self.message = message or self.title
        super().__init__(self.message)


class StaleState(ProblemError):
    """Somebody else changed the thing meanwhile, or it is in a state in which this cannot be done."""

    code = "wrong_state"
    title = "That is no longer possible"
    status = 409


class NotAccepted(ProblemError):
    """The database refuses a value that nothing before it had looked at."""

    code = "not_accepted"
    title = "That cannot be kept"
    status = 422


class Busy(ProblemError):
    """The database did not get to it in the time a page has."""

    code = "busy"
    title = "Busy just now"
    status = 503
