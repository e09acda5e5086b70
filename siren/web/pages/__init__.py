"""One module a page: an address becomes values, and a template makes them readable."""
