"""Owns the lock under which the clock's steps happen, one process at a time, and none while a history is loaded."""

from typing import Final

FIRING: Final = 0x636C6B74  # "clkt", the key of an advisory lock
