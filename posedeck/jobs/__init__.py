"""Durable jobs: the queue, the worker and what runs in it."""
