"""Understanding: the Rasa project and, beside it, the pure library ``nlu.zh``."""
