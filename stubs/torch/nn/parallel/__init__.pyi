from .data_parallel import DataParallel as DataParallel
