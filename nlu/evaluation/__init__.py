"""How well sentences are understood that were never trained on."""
