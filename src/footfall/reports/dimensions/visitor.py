"""Dimensions of the person's place and device."""

from footfall.reports.dimension import Dimension, Level, make_column_dimension

DIMENSIONS: tuple[Dimension, ...] = tuple(
    make_column_dimension(name, title, description, Level.SHARED)
    for name, title, description in (
        ("country", "Country", "ISO 3166-1 alpha-2 code; '' for unknown."),
        ("region", "Region", "Region, where a city database is installed."),
        ("city", "City", "City, where a city database is installed."),
        ("browser", "Browser", "Browser family: Chrome, Firefox …"),
        ("browser_version", "Browser version", "Major version of the browser."),
        ("os", "Operating system", "Operating system: Windows, Android …"),
        ("os_version", "Operating system version", "Version of the operating system."),
        ("device", "Device", "Desktop, Mobile, Tablet, TV, Console; '' for unknown."),
        ("screen", "Screen size", "Screen as 'WxH' in CSS pixels."),
        ("language", "Language", "Language tag that the browser prefers: en-US."),
    )
)
