"""A solved case: its tables, its documents, its folder, written whole or not at all."""
