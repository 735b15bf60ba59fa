"""Where a youth stands: the legitimate doors, the crossroads and the choice."""
