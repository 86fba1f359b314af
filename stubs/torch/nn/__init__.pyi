from .modules.linear import Linear as Linear
