"""Decisions and outcomes as answers: why, why not, what if, and which failures taught it."""
