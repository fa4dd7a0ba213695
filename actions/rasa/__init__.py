"""The thin layer through which Rasa's dialogue calls the actions: one `Turn`, one function an action."""
