"""SIREN: a robot agent that learns from its failures and can say why it did what it did."""

__version__ = "0.1.0"
