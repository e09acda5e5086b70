"""The laws by which this world fails. Nothing that learns, reasons or explains may import this package."""
