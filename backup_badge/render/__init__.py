"""Badges and tables in each medium. Whatever they hold is hostile until escaped."""
