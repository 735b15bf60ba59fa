"""The book of records: what is written down each month."""
