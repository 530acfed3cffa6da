"""What must not stand in a log."""

import logging
import re

TOKEN_IN_ADDRESS = re.compile(r"(/api/parking/(?:reads|images|ingest/[a-z]+)/|/parking/permits/open/)[^/\s?\"']+")


class HideTokens(logging.Filter):
    """Replaces tokens in addresses: whoever reads a log must not send reads, nor open somebody's permits."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every record passes, without tokens."""
        message = record.getMessage()
        hidden = TOKEN_IN_ADDRESS.sub(r"\1…", message)
        if hidden != message:
            record.msg, record.args = hidden, ()
        return True
