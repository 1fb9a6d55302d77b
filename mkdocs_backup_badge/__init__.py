"""Backup badges and tables in MkDocs, ProperDocs, Zensical and Python-Markdown.

A page holds calls (:mod:`macro`). The Markdown extension (:mod:`extension`) replaces
them by what the one :class:`~mkdocs_backup_badge.build.Build` of the site knows; the
plugin configures that build, has everything asked before pages are converted, and
links the style sheet. For the macros plugin there is :mod:`macros`.
"""
