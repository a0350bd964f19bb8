"""What a TP notebook uses: one function, `open_tp`."""

from cmlib.tp.session import open_tp

__all__ = ["open_tp"]
