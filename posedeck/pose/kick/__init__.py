"""A football kick from one camera: phases, the nine documented metrics with their intervals, and their score."""
