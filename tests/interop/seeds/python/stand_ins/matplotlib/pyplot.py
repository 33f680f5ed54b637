"""Stands in for the plotting library, which the notebook imports and never calls."""
