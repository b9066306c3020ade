"""The same facts in the same words: sentences about a result, the tables of the terminal."""
