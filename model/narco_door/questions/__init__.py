"""Questions put to runs: targets of history, claims of the debate, what carries an answer."""
