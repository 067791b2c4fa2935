"""The entry the office loads: names the two services of the extension; what they do stands in towerdesk_office."""

import unohelper
from towerdesk_office.buttons import ButtonHandler  # type: ignore[import-not-found]
from towerdesk_office.papers import PaperMenu  # type: ignore[import-not-found]

g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816 - the name the office looks for
g_ImplementationHelper.addImplementation(
    ButtonHandler, "cn.towerdesk.office.Buttons", ("com.sun.star.frame.ProtocolHandler",)
)
g_ImplementationHelper.addImplementation(
    PaperMenu, "cn.towerdesk.office.Papers", ("com.sun.star.frame.PopupMenuController",)
)
