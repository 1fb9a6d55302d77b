"""How a provider's system is reached: over HTTP, from a file, by running a command."""
