"""The butler's own components of Rasa's pipeline: characters as tokens, word lists, a linear classifier."""
