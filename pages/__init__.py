"""One thin script per page: it lays out and wires, nothing else."""
