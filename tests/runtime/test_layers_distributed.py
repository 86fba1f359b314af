"""`shaped` layers on two ranks, with gloo on the loopback device."""

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).with_name("distributed_layers.py")


def test_two_ranks():
    done = subprocess.run(
        [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2", str(PROGRAM)],
        env={**os.environ, "GLOO_SOCKET_IFNAME": "lo", "OMP_NUM_THREADS": "1", "PYTHONPATH": str(PROGRAM.parents[2])},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert "all well on 2 ranks" in done.stdout
