from bitsandbytes import nn as nn
