"""Linear algebra, Fourier transforms and windows against torch's meta kernels: accepted, refused, returned."""

from __future__ import annotations

import itertools

import pytest

from shapetypes.core.dim import name
from shapetypes.core.fault import ShapeError
from shapetypes.core.shape import TensorSpec, Var
from shapetypes.ops import infer
from tests.ops.oracle import check, spec
from tests.ops.symbolic import agrees

SHAPES = [(), (3,), (3, 3), (2, 3), (3, 2), (4, 3, 3), (4, 2, 3), (5, 4, 3, 3), (0, 0), (0, 3)]
ONE = [
    *("cholesky", "cholesky_ex", "det", "slogdet", "eig", "eigh", "eigvals", "eigvalsh", "inv", "inv_ex"),
    *("ldl_factor", "ldl_factor_ex", "lu", "lu_factor", "lu_factor_ex", "matrix_exp", "pinv", "qr", "svd", "svdvals"),
    *("vander", "diagonal"),
]


@pytest.mark.parametrize("op", ONE)
def test_one_matrix(op):
    outcomes = {check(f"torch.linalg.{op}", (spec(*shape),), device="meta") for shape in SHAPES}
    assert outcomes == {True, False} or op == "vander"


@pytest.mark.parametrize("op", ["cholesky", "det", "eigh", "inv", "qr", "svd", "pinv", "lu_factor", "solve"])
def test_dtypes(op):
    for dtype in ["float64", "complex64", "int64"]:
        second = (spec(3, 2, dtype=dtype),) if op == "solve" else ()
        # some meta kernels take integers; the CPU's do not
        check(f"torch.linalg.{op}", (spec(3, 3, dtype=dtype), *second), stricter="dtype-mismatch", device="meta")


def test_modes():
    for mode, shape in itertools.product(["reduced", "complete", "r"], [(3, 2), (2, 3), (4, 2, 3)]):
        check("torch.linalg.qr", (spec(*shape), mode), device="meta")
    assert not check("torch.linalg.qr", (spec(3, 2), "full"), device="meta")
    for full, shape in itertools.product([True, False], [(3, 2), (2, 3), (4, 2, 3)]):
        check("torch.linalg.svd", (spec(*shape), full), device="meta")
        check("torch.svd", (spec(*shape), full), device="meta")
        check("torch.qr", (spec(*shape), full), device="meta")


SIDES = [(3,), (2,), (3, 2), (2, 3), (4, 3), (4, 3, 2), (1, 3, 2), (5, 3, 2), (4, 2, 3)]


@pytest.mark.parametrize("a", [(3, 3), (4, 3, 3), (1, 3, 3), (3, 2)])
def test_solving(a):
    for b in SIDES:
        check("torch.linalg.solve", (spec(*a), spec(*b)), device="meta")
        check("torch.linalg.solve_triangular", (spec(*a), spec(*b)), {"upper": True}, device="meta")
        check("torch.linalg.solve_triangular", (spec(*a), spec(*b)), {"upper": True, "left": False}, device="meta")
        check("torch.cholesky_solve", (spec(*b), spec(*a)), device="meta")
        check("torch.triangular_solve", (spec(*b), spec(*a)), device="meta")


NORMS = itertools.product([None, 2, 1, "fro", "nuc"], [None, 0, -1, (0, 1), (0, 0), (0, 1, 2)], [False, True])


@pytest.mark.parametrize(("order", "dim", "keepdim"), list(NORMS))
def test_norms(order, dim, keepdim):
    for shape in [(3,), (2, 3), (2, 3, 4)]:
        check("torch.linalg.norm", (spec(*shape), order, dim, keepdim))


def test_matrix_norms():
    for shape, dim in itertools.product([(3,), (2, 3), (4, 2, 3), (0, 3)], [(-2, -1), (0, 1), (0, 0), (0, 5)]):
        check("torch.linalg.matrix_norm", (spec(*shape), "fro", dim))
        check("torch.linalg.matrix_norm", (spec(*shape), 1, dim))
    for shape, dim in itertools.product([(), (3,), (2, 3)], [None, 0, 1, (0, 1), 4]):
        check("torch.linalg.vector_norm", (spec(*shape), 2, dim))


def test_chains_and_tensors():
    for shapes in [((2, 3), (3, 4)), ((2, 3), (3, 4), (4,)), ((2,), (2, 3), (3,)), ((2, 3), (4, 3)), ((2, 3),)]:
        check("torch.linalg.multi_dot", ([spec(*s) for s in shapes],))
    for shape, ind in itertools.product([(2, 3, 6), (6, 2, 3), (2, 2, 4)], [1, 2, 0]):
        check("torch.linalg.tensorinv", (spec(*shape), ind), device="meta")
    for a, b in itertools.product([(2, 3, 6), (6, 2, 3), (2, 3, 5)], [(6,), (2, 3), (5,)]):
        check("torch.linalg.tensorsolve", (spec(*a), spec(*b)), device="meta")
    for m in [(3,), (2, 3), (3, 2), (1, 3), ()]:
        check("torch.cov", (spec(*m),))
        check("torch.corrcoef", (spec(*m),))
    assert not check("torch.cov", (spec(2, 2, 2),))
    assert not check("torch.cov", (spec(2, 3),), {"fweights": spec(2, dtype="int64")})


FFT_ONE = ["fft", "ifft", "rfft", "irfft", "hfft", "ihfft"]


@pytest.mark.parametrize("op", FFT_ONE)
def test_fourier(op):
    for shape, n, dim in itertools.product([(), (4,), (3, 5), (2, 0)], [None, 4, 5, 0], [-1, 0, 1]):
        # MKL has no plan for an empty batch, which is no question of shapes
        check(f"torch.fft.{op}", (spec(*shape), n, dim), device="meta" if 0 in shape else "cpu")
    for dtype in ["float64", "int64", "complex64"]:
        check(f"torch.fft.{op}", (spec(4, 5, dtype=dtype),))


@pytest.mark.parametrize("op", [*(f"{op}2" for op in FFT_ONE), *(f"{op}n" for op in FFT_ONE)])
def test_fourier_of_several_axes(op):
    for shape, s, dim in itertools.product(
        [(4,), (3, 5), (2, 3, 6)], [None, (4,), (4, 5), (4, 5, 6)], [(-2, -1), (0,), (0, 0), (0, 1)]
    ):
        check(f"torch.fft.{op}", (spec(*shape), s, dim))


def test_windows_of_signals():
    for shape, center, hop in itertools.product([(40,), (2, 40), (6,), (2, 2, 40), ()], [True, False], [None, 3]):
        options = {"hop_length": hop, "center": center, "return_complex": True}
        check("torch.stft", (spec(*shape), 16), options)
        check("torch.stft", (spec(*shape), 16), {**options, "window": spec(16)})
        check("torch.stft", (spec(*shape), 16), {**options, "window": spec(12)})
        check("torch.stft", (spec(*shape), 16), {**options, "onesided": False})
    for shape in [(9, 7), (2, 9, 7), (8, 7), (16, 7), (9,)]:
        check("torch.istft", (spec(*shape, dtype="complex64"), 16), {"window": spec(16)})


def test_symbols():
    b, n, m = name("b"), name("n"), name("m")
    sizes = {"b": 2, "n": 3, "m": 5}
    square, wide = TensorSpec((b, n, n)), TensorSpec((b, n, m))
    assert agrees("torch.linalg.inv", (square,), **sizes).shape == (b, n, n)
    assert agrees("torch.linalg.eigh", (square,), **sizes)[0].shape == (b, n)
    assert agrees("torch.linalg.solve", (square, wide), **sizes).shape == (b, n, m)
    agrees("torch.linalg.svd", (wide, False), **sizes)
    agrees("torch.linalg.qr", (wide,), **sizes)
    agrees("torch.stft", (TensorSpec((b, n * 100)), 16), {"return_complex": True}, **sizes)
    with pytest.raises(ShapeError):
        infer("torch.linalg.inv", (wide,))
    four = TensorSpec((n, 4))  # a name beside a number: the name may be that number, and is no twin
    assert infer("torch.linalg.det", (four,)).shape == ()


def test_variadic_parts():
    batch, n = Var("batch"), name("n")
    assert infer("torch.linalg.inv", (TensorSpec((batch, n, n), "float32"),)).dtype == "float32"
    with pytest.raises(ShapeError):
        infer("torch.linalg.inv", (TensorSpec((batch, n, n + 1)),))


def test_other_methods():
    for shape in [(3,), (2, 3), (2, 2, 2), (2, 3, 2)]:
        check("torch.Tensor.fill_diagonal_", (spec(*shape), 1))
    for op in ["relu", "relu_", "coalesce"]:
        assert infer(f"torch.Tensor.{op}", (spec(2, 3),)) == spec(2, 3)
    for shape in [(4,), (2, 4), (2, 3, 4), ()]:
        for count in [0, 3, 4, 5]:
            check("torch.multinomial", (spec(*shape), count))
            check("torch.multinomial", (spec(*shape), count, True))
