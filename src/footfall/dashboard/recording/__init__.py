"""Pages of recorded visits."""
