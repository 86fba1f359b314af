from bitsandbytes.nn.modules import Params4bit as Params4bit
