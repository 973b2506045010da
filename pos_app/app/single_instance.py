"""One till a data folder: a second start brings the first one's window to the front."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

KNOCK_MS_MAX = 2_000
_KNOCK = b"raise\n"


class SingleInstance(QObject):
    """Holds the data folder for this process, or reaches the one that does.

    Args:
        data_folder: exists.
        parent: the owner, as in every Qt object.
    """

    def __init__(self, data_folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = QLockFile(str(data_folder / "till.lock"))
        # A lock is stale only when its process is gone, however long it has run.
        self._lock.setStaleLockTime(0)
        name = hashlib.sha256(str(data_folder.resolve()).encode()).hexdigest()[:16]
        self._name = f"hexiao-till-{name}"
        self._server: QLocalServer | None = None

    def claim(self, knocked: Callable[[], None]) -> bool:
        """Become the one till of the folder.

        Args:
            knocked: called when somebody starts a second one.

        Returns:
            False where another process is it; that one has been told to come to the front.
        """
        if not self._lock.tryLock(0):
            self._knock()
            return False
        QLocalServer.removeServer(self._name)
        self._server = QLocalServer(self)
        self._server.newConnection.connect(lambda: self._open_door(knocked))
        self._server.listen(self._name)
        return True

    def release(self) -> None:
        """Let another process have the folder."""
        if self._server is not None:
            self._server.close()
        self._lock.unlock()

    def _knock(self) -> None:
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if socket.waitForConnected(KNOCK_MS_MAX):
            socket.write(_KNOCK)
            socket.waitForBytesWritten(KNOCK_MS_MAX)
            socket.disconnectFromServer()

    def _open_door(self, knocked: Callable[[], None]) -> None:
        assert self._server is not None
        while self._server.hasPendingConnections():
            visitor = self._server.nextPendingConnection()
            visitor.disconnected.connect(visitor.deleteLater)
        knocked()
