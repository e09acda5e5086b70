"""The frozen values and the protocols that every other package speaks. numpy and pydantic only."""
