"""What history leaves of what is believed: from priors by waves of runs and emulators to a posterior of sets."""
