"""The record: core values in, core values out, on SQLite or PostgreSQL; camera frames beside it. `Store` is the door."""
