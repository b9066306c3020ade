"""What every room speaks: errors, texts, units, numbers with a source, the frozen instance, the result document."""
