"""What an option is, and how the values that people write are read."""
