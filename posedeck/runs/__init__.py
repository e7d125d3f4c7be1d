"""History: every answer as a run that can be found, reopened and compared."""
