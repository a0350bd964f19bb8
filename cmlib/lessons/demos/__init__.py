"""The demonstrations of the chapters, one idea a module: each function returns what is shown, and the sentence that reads it."""
