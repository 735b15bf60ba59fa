"""The code under which the nation stands among the places, in records, scenarios and results."""

from typing import Final

NATION: Final = "00"
