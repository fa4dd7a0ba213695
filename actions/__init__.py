"""What the butler can do for somebody, one verb a file; `actions.rasa` lets the dialogue call the same verbs."""
