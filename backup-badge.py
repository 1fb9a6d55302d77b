"""Turns on the Sphinx extension for a ``conf.py`` that names it ``backup-badge``."""

from __future__ import annotations

from backup_badge import setup as setup
