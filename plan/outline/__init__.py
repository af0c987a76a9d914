"""The plan as editors find their way in it: themes, passages and actions, in its own order."""
