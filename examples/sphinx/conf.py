"""The example handbook in Sphinx; ``make demo`` builds it."""

from importlib.util import find_spec

project = "Acme handbook"
author = "Acme"
project_copyright = "Acme"
extensions = ["sphinx_backup_badge"]
exclude_patterns = ["_build"]

# One configuration for all example sites. Your project has the file beside
# conf.py, where it is found without this line.
backup_badge_config = "../backup-badge.toml"

# What is installed besides: pages in MyST, and a theme with a dark mode.
if find_spec("myst_parser"):
    extensions.append("myst_parser")
    myst_enable_extensions = ["colon_fence"]
if find_spec("furo"):
    html_theme = "furo"
