"""Why this plan: prices, what binds, bands, benchmarks, alternatives, the price of fairness."""
