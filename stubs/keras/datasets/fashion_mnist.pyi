from numpy import ndarray
from shapetypes import UInt8

def load_data() -> tuple[tuple[UInt8[ndarray, "60000 28 28"], UInt8[ndarray, "60000"]], tuple[UInt8[ndarray, "10000 28 28"], UInt8[ndarray, "10000"]]]: ...
