"""What the three moments share: sizes, shapes, axis strings, scopes, faults. Standard library only."""
