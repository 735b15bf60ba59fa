"""The country before the first month: its places, its roll of people, who arrives on it and who is born."""
