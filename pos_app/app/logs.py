"""The till's log: one JSON object a line, in the data folder, never with codes or keys in it."""

import json
import logging
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

LOG_BYTES_MAX = 2_000_000
LOGS_KEPT = 5
_QUIET = ("httpx", "httpcore", "keyring", "asyncio")


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "where": record.name,
            "thread": record.threadName,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def set_up_logs(data_folder: Path) -> None:
    """Write everything from `INFO` on to `till.log`; libraries speak up only in trouble."""
    file = RotatingFileHandler(
        data_folder / "till.log",
        maxBytes=LOG_BYTES_MAX,
        backupCount=LOGS_KEPT,
        encoding="utf-8",
        delay=True,
    )
    file.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[file])
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
