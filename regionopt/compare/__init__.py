"""Plans side by side: what moved, why, and the difference map."""
