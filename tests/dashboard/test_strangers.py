"""A stranger on the public page: it stays small, says nothing of itself, and others do not notice."""

from __future__ import annotations

import os
import statistics

import pytest
from strangers import besiege

from conftest import in_a_loop, serving

MOST_MEGABYTES = 1200


@pytest.mark.long
@pytest.mark.skipif("NARCO_DOOR_SIEGE" not in os.environ, reason="takes minutes: set NARCO_DOOR_SIEGE=1")
def test_strangers_fill_no_memory_see_no_traceback_and_stop_nobody() -> None:
    with serving("--public", "--host-name", "127.0.0.1") as server:
        before, siege = in_a_loop(besiege(server.port, server.resident))
    assert sum(each.inputs for each in siege) > 300
    for each in siege:
        assert each.most < MOST_MEGABYTES, each.tried
        assert not [answer for answer in each.answers if b"Traceback" in answer], each.tried
        assert statistics.median(each.clicks) < max(0.3, 10 * statistics.median(before)), each.tried
