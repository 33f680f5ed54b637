"""Stands in for the display library of notebooks."""
