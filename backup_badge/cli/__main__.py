"""``python -m backup_badge.cli``: the command, where its script is not on the path."""

from __future__ import annotations

from backup_badge.cli import main

if __name__ == "__main__":
    main(prog_name="backup-badge")
