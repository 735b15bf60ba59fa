"""Which of the uncertain numbers carry a difference between two scenarios, over the sets that history allows."""
