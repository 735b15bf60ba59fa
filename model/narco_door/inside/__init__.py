"""Behind the narco door: careers, cartels and the market that they fight over."""
