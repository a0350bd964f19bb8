"""The cells of an answer that is a table."""


def row_cells(row: str, **cells: str) -> dict[str, str]:
    """Return the cells of a row as the entries of an answer."""
    return {f"{row}.{column}": text for column, text in cells.items()}
