"""What can be switched on and off for a whole site of lead forms, in words. Another switch is one
more line of the table: the page shows what stands there."""

from dataclasses import dataclass
from typing import Final

from footfall.errors import NotFoundError
from footfall.forms.register import SiteChange
from footfall.forms.site import FormSite


@dataclass(frozen=True, slots=True)
class SiteSwitch:
    """One thing that is on or off."""

    field: str
    """Of `FormSite` and `SiteChange`."""
    title: str
    when_on: str
    when_off: str

    def is_on(self, site: FormSite) -> bool:
        """Tell how it stands."""
        return bool(getattr(site, self.field))

    def turn(self, site: FormSite) -> SiteChange:
        """Return the change that turns it."""
        return SiteChange(**{self.field: not self.is_on(site)})  # type: ignore[arg-type]


SITE_SWITCHES: Final = (
    SiteSwitch(
        "is_enabled",
        "Site",
        "Its pages show their forms, and leads are taken.",
        "No page shows a form of this site. Leads it brought stay.",
    ),
    SiteSwitch(
        "takes_fingerprints",
        "Fingerprints",
        "A browser is recognised by what it is, also after its storage was emptied. In many"
        " countries that needs the visitor's consent.",
        "A browser is recognised by an id drawn by lot that ends with the tab. Nothing of what the"
        " browser is leaves it.",
    ),
)


def find_switch(field: str) -> SiteSwitch:
    """Return the switch of a field. Raises NotFoundError."""
    for switch in SITE_SWITCHES:
        if switch.field == field:
            return switch
    raise NotFoundError("Switch", field[:40])
