"""Asking over HTTP: bounded, polite, secret-keeping."""
