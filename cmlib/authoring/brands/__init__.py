"""The brands' tables: what an author wrote (one folder a brand), and the generator that turns it into base variants.

All of it stays on the trainer's side. What students receive is written under ``datasets/brands/`` by `build`; what they
must find, the date of a crisis for one, is told by `key` alone.
"""
