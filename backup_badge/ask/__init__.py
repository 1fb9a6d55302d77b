"""Sources in, statuses and problems out."""
