"""cmlib: lab exercises for a course in digital strategy and community management.

Importing the package loads nothing heavy; import the module you need.
"""

__version__ = "0.1.0"
