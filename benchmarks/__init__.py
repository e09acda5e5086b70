"""Speed and quality, measured: ratios against a named alternative in the same run. `make bench` runs all of them."""
