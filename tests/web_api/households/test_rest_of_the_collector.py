"""The collector of cycles rests while a request is answered, and is at work again afterwards."""

import gc
import time

from web_api.households.rest import AFTER, until_answered


def test_it_is_at_work_again_once_the_answer_has_left():
    assert gc.isenabled()
    with until_answered(), until_answered():
        assert not gc.isenabled()
    assert not gc.isenabled()
    until = time.monotonic() + 100 * AFTER
    while not gc.isenabled() and time.monotonic() < until:
        time.sleep(AFTER / 5)
    assert gc.isenabled()
