"""The documentation in Sphinx; ``make docs-site`` builds it."""

import sys
from pathlib import Path

from pygments.lexers.shell import BashLexer
from sphinx.highlighting import lexers

from backup_badge import __version__

sys.path.insert(0, str(Path(__file__).with_name("_site")))

project = "backup-badge"
author = "The authors of backup-badge"
project_copyright = author
release = version = __version__

# The last one stands in _site: it shows a text beside what it gives.
extensions = ["myst_parser", "sphinx_copybutton", "sphinx_backup_badge", "example"]
exclude_patterns = ["_site", "mkdocs"]
nitpicky = True
# Two hyphens are an option's, and quotes are those of a file.
smartquotes = False
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4

# Pygments has none for lines of a crontab.
lexers["crontab"] = BashLexer()

html_theme = "furo"
html_title = f"backup-badge {__version__}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
# At the root of the site: an address that stays.
html_extra_path = ["reference/backup-status.schema.json"]
html_copy_source = False
html_show_sourcelink = False
