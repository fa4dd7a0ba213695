"""The HTTP door: Rasa's REST shape, the JSON API, health, and the endpoint that Rasa's actions call."""
