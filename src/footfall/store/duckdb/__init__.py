"""DuckDB behind the Warehouse port."""
