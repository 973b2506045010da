"""A line of text that no input method can touch."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit


class ScanLineEdit(QLineEdit):
    """Takes keys as they are pressed, whatever input method is on.

    A Chinese input method turns a gun's letters and digits into words before Qt sees them. Of all
    switches only this query keeps it away; attributes and hints do not.
    """

    def inputMethodQuery(  # type: ignore[override]  # Qt's second form is never called by Qt
        self, query: Qt.InputMethodQuery
    ) -> object:
        """Say that no input method is wanted here."""
        if query is Qt.InputMethodQuery.ImEnabled:
            return False
        return super().inputMethodQuery(query)
