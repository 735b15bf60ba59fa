"""A month of the whole world, beat by beat."""
