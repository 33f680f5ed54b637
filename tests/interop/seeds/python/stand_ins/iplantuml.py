"""Stands in for the library that draws the notebook's diagrams."""
