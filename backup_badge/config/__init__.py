"""The configuration: its keys, its places, reading it."""
