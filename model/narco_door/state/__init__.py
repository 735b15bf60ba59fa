"""The state: its money, its laws, its police and army, and the corruption and fear that grow beside it."""
