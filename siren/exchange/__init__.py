"""Episodes as other people's formats, and back."""
