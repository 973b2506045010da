"""What a person may ask of the till when starting it."""

from dataclasses import dataclass, field
from pathlib import Path

APP_VERSION = "0.1.0"


@dataclass(frozen=True, slots=True)
class TillOptions:
    """How one till is started.

    Attributes:
        data_folder: holds the database, the log and the lock; made when missing.
        secrets_file: keeps the keys in this file instead of the machine's key store, with the
            weaker promise of `pos_app.storage.file_secrets`; None for the key store.
        passphrase: opens the secrets file; empty for the machine's own id.
        server_url: filled into the pairing form.
        camera: a device number, name or path, or a video file; None for no camera at start.
        language: `zh-CN` or `en`.
        full_screen: whether the window fills the screen.
        screenshot_folder: a support tool: every change of what is shown is saved there as a
            picture; None for no pictures.
    """

    data_folder: Path
    secrets_file: Path | None = None
    passphrase: str = field(default="", repr=False)
    server_url: str = ""
    camera: str | None = None
    language: str = "zh-CN"
    full_screen: bool = False
    screenshot_folder: Path | None = None

    @property
    def database(self) -> Path:
        """The till's database file."""
        return self.data_folder / "till.sqlite"
