"""The one way to the dialog: a second call brings back the one that is not finished."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from saasdesk.connectors import Connector
from saasdesk.services import Services
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.dialogs.connect_vendor.dialog import ConnectVendorDialog
from saasdesk.ui.navigation import Frame
from saasdesk.ui.theme import Theme

_REMINDER_SECONDS = 600


class ConnectVendor(QObject):
    """Call it to connect a vendor. It is a window beside the pages, so that the plan can be looked at in between."""

    def __init__(
        self,
        services: Services,
        frame: Frame,
        theme: Theme,
        bridge: Bridge,
        window: Callable[[], QWidget | None],
        *,
        connectors: tuple[Connector, ...] = (),
    ) -> None:
        super().__init__(theme)
        self._services = services
        self._frame = frame
        self._theme = theme
        self._bridge = bridge
        self._window = window
        self._connectors = connectors
        self.dialog: ConnectVendorDialog | None = None

    def __call__(self) -> None:
        """Open the dialog, or bring it back to where it was left."""
        if self.dialog is None:
            self.dialog = ConnectVendorDialog(
                self._services,
                self._frame,
                self._theme,
                self._bridge,
                connectors=self._connectors,
                parent=self._window(),
            )
            self.dialog.finished.connect(self._on_finished)
            self.dialog.plan_opened.connect(self._on_plan_opened)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def _on_plan_opened(self) -> None:
        self._frame.toast(
            self.tr("Connecting a vendor waits for you."),
            "info",
            (self.tr("Go on"), self),
            seconds=_REMINDER_SECONDS,
        )

    def _on_finished(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
