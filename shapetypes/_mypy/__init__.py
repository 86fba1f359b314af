"""The parts of the mypy plugin: hooks, the project as mypy sees it, what is reported, and the engine's version."""
