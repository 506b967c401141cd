"""ClickHouse behind the Warehouse port."""
