"""The domain: skeletons, poses, posture metrics and their grades. Pure numpy, no I/O beyond its own data files."""
