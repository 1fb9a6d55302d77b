"""Foreign and our own JSON documents, read once at the border."""
