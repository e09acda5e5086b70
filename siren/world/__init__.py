"""A table, an arm and household things in PyBullet: what they look like, what is asked, how a plan runs and what goes wrong."""
