"""Ages in months, by name: who is on the roll, when each door opens, when stages of school end."""

from __future__ import annotations

YEAR = 12
"""Months."""

FIRST_AGE, LAST_AGE = 12 * YEAR, 30 * YEAR
"""The roll holds people from the 12th birthday to the day before the 30th."""

COMPULSORY_UNTIL = 15 * YEAR
"""Under 15 every child has a seat at school."""

INFORMAL_FROM, FORMAL_FROM = 14 * YEAR, 16 * YEAR
SCHOOL_UNTIL = 25 * YEAR
"""Nobody enters school after the 25th birthday."""

ADULT = 18 * YEAR
SCHOLARSHIPS = 15 * YEAR, 22 * YEAR
TRANSFERS = 12 * YEAR, 18 * YEAR
"""Ages, from and up to, for which a programme is meant."""

LIABLE_FROM, OLDER_MINOR = 14 * YEAR, 16 * YEAR
"""Nobody is imprisoned under 14; minors' terms are longer from 16 on."""

BANDS = ("12_14", "15_17", "18_24", "25_29")
BAND_ENDS = (COMPULSORY_UNTIL, ADULT, SCHOOL_UNTIL, LAST_AGE)
"""Bands of age, and the month of age at which each ends."""

STAGE_ENDS = (COMPULSORY_UNTIL, ADULT, 22 * YEAR, SCHOOL_UNTIL)
"""Lower secondary, upper secondary and a first degree end, and with the last the time for school; where the school
year counts, a stage ends in one of the twelve months from then on, and who studies on after the third may."""
