"""A stranger on the public page: it stays small, says nothing of itself, and others do not notice."""

from __future__ import annotations

import asyncio
import statistics

import pytest
from strangers import besiege

from conftest import serving

MOST_MEGABYTES = 1200


@pytest.mark.long
def test_strangers_fill_no_memory_see_no_traceback_and_stop_nobody() -> None:
    with serving("--public", "--host-name", "127.0.0.1") as server:
        before, siege = asyncio.run(besiege(server.port, server.resident))
    assert sum(each.inputs for each in siege) > 300
    for each in siege:
        assert each.most < MOST_MEGABYTES, each.tried
        assert not [answer for answer in each.answers if b"Traceback" in answer], each.tried
        assert statistics.median(each.clicks) < max(0.3, 10 * statistics.median(before)), each.tried
