"""Names for the arrays that the rooms hand to each other; shapes are in the docstrings."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

F8 = NDArray[np.floating[Any]]
I8 = NDArray[np.signedinteger[Any]]
Names = NDArray[np.unsignedinteger[Any]]
Bytes = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Counts = NDArray[np.int32]
