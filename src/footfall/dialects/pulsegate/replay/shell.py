"""The page `/replay` [original]: it asks for a key and then shows recordings with it. The page
holds no data, and the key never leaves the tab but in the header of its requests."""

from functools import cache

from footfall.dashboard.player import make_policy
from footfall.dashboard.static_file import load_static_files
from footfall.scripts.file import find_module_path

SHELL_HEADERS = {
    # Whose pictures may be loaded is only known with a key: none are.
    "Content-Security-Policy": make_policy(""),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
    "X-Robots-Tag": "noindex, nofollow",
}

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>Replay · Footfall</title>
<link rel="icon" href="{icon}" type="image/svg+xml">
<link rel="stylesheet" href="{dashboard}">
<link rel="stylesheet" href="{recording}">
<script src="{player}" type="module"></script>
</head>
<body class="replay-shell">
<main id="replay-shell">
<header class="toolbar"><h1>Replay</h1></header>
<section class="card panel">
<form id="replay-key" class="form one-line" autocomplete="off">
<label>API key<input name="key" type="password" required autocomplete="off" spellcheck="false"
></label><label>Project<input name="project" placeholder="default" maxlength="100"></label>
<button class="primary" type="submit">Show visits</button>
</form>
<p class="hint">The analytics key, or a marketing key that lists the page <code>replay</code>.
It stays in this tab.
The site's own pictures are shown in the dashboard only.</p>
<p class="note bad" id="replay-problem" role="alert" hidden></p>
<noscript><p class="note">Recordings are played by a script; allow it to see them.</p></noscript>
</section>
<div id="replay-content"></div>
</main>
</body>
</html>
"""


@cache
def render_shell() -> bytes:
    """Return the page."""
    names = {key: f"/dashboard/static/{file.name}" for key, file in load_static_files().items()}
    return _PAGE.format(
        icon=names["icon.svg"],
        dashboard=names["dashboard.css"],
        recording=names["recording.css"],
        player=find_module_path("player"),
    ).encode()
