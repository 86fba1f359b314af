"""The static engine: a symbolic interpreter over the source. Nothing of the user's code is run."""
