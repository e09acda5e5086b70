"""The inspector: a home as pages in a browser. FastAPI and Jinja2, no build step; nothing here decides anything itself."""
