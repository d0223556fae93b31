"""What ``kb plan`` compares: the actions, the losses that they leave, and the search for the best of them."""
