"""Plain frozen records: what a backup, its source and a page's wish for them are. No I/O."""
