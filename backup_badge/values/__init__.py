"""Plain frozen records of statuses, sources, marks and problems. No I/O."""
