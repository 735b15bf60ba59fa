"""What everything stands on: errors, months, arrays, keyed draws, tables, parameters."""
