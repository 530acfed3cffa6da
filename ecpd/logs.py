"""What must not stand in a log."""

import logging
import re

TOKEN_IN_ADDRESS = re.compile(r"(/api/parking/(?:reads|images|ingest/[a-z]+)/)[^/\s?\"']+")


class HideTokens(logging.Filter):
    """Replaces readers' tokens in addresses: whoever reads a log must not be able to send reads."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every record passes, without tokens."""
        message = record.getMessage()
        hidden = TOKEN_IN_ADDRESS.sub(r"\1…", message)
        if hidden != message:
            record.msg, record.args = hidden, ()
        return True
