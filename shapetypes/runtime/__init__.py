"""Checks at run time: `@shapecheck`, `scope`, `assert_shape`, and the layers under `shaped`."""
