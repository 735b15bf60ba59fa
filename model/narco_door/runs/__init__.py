"""Runs: scenarios times replicates, on as many processes as there are cores, kept as they end."""
