"""Use-cases: what a page asks for, in domain terms, whatever the source."""
