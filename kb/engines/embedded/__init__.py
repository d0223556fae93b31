"""The default engine: one SQLite file through the standard library. ``<name>.sql`` are its look-ups."""
