"""Run the suite on one machine: prepare the data folder, start, say where, stop."""
