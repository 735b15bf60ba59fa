"""narco-door."""
