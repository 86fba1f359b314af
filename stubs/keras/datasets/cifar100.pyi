from numpy import ndarray
from shapetypes import Shaped, UInt8

def load_data(label_mode: str = "fine") -> tuple[tuple[UInt8[ndarray, "50000 32 32 3"], Shaped[ndarray, "50000 1"]], tuple[UInt8[ndarray, "10000 32 32 3"], Shaped[ndarray, "10000 1"]]]: ...
