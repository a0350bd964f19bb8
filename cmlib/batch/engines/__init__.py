"""The engine that papermill finds by itself.

papermill loads every registered engine while it is being imported: importing it here first lets it finish, whoever comes first.
"""

import papermill  # noqa: F401
