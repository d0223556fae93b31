"""The exposure graph, and what works out how likely it is reached: exactly, in sampled worlds, along one chain."""
