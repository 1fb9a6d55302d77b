"""From statuses to what a reader sees: words, once."""
