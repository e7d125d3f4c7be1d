"""Speed and accuracy, measured by command, never in a test."""
