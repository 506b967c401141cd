"""Hides and shows a page for the tracker. A headless browser calls every tab visible, so the two
properties are replaced and the event is raised as the standard says."""

from playwright.sync_api import BrowserContext, Page

_SCRIPT = """
window.setHidden = (isHidden) => {
  const define = (name, value) =>
    Object.defineProperty(document, name, { configurable: true, get: () => value });
  define("hidden", isHidden);
  define("visibilityState", isHidden ? "hidden" : "visible");
  document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
};
"""


def hide_at_start(context: BrowserContext) -> None:
    """Open every page of this profile hidden, as in a background tab or rendered ahead."""
    context.add_init_script(_SCRIPT + "setHidden(true);")


def hide(page: Page) -> None:
    """Hide a page that is open."""
    page.evaluate(_SCRIPT + "setHidden(true);")


def show(page: Page) -> None:
    """Show a page that is hidden."""
    page.evaluate(_SCRIPT + "setHidden(false);")
