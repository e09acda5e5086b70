"""Ways to say an action: each of these turns plans into text that a model can write, and back."""
