"""Sessions: the parts of the agent placed as processes, and the driver that owns the rounds. The only package that knows Ray."""
