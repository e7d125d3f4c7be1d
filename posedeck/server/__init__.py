"""The pose server: a Starlette app that answers in the vendors' wire formats with our engine's results."""
