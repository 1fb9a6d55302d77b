"""Backup badges and tables in MkDocs, ProperDocs, Zensical and Python-Markdown.

The Markdown extension (:mod:`extension`) replaces the macros of a page by what the one
:class:`~mkdocs_backup_badge.build.Build` of the site knows. The plugin configures that
build, resolves what all pages show before they are converted, links the style sheet
and logs. For the macros plugin there is :mod:`macros`.
"""

# For a conf.py that names this package as the Sphinx extension.
from backup_badge import setup as setup
