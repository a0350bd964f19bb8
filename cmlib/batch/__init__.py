"""Scenarios by the dozen: one report each, run from a laptop to a cluster, then compared.

Importing this package loads neither papermill nor distributed, which are extras: each function does when it needs them.
"""
