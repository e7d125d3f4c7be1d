"""Clips: probing, decoding, following people from frame to frame, and drawing the result into a new clip."""
