"""The pages people look at: routes, templates and static files. It asks `reports` and the ports
in `port`; it computes no figure itself and names no store."""
