"""One typed client per vendor. They know wire formats and the transport, never a page."""
