"""Following calls of the project's own functions: contracts solved anew, bodies run with the actual values."""

from __future__ import annotations

import ast
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Poly
from shapetypes.core.fault import Fault, Origin
from shapetypes.core.judge import Judge
from shapetypes.core.match import Matcher
from shapetypes.core.scope import Scope
from shapetypes.core.shape import TensorSpec, Unknown, Var, is_fresh, rank, unknown_var
from shapetypes.core.spec import ANY as ANY_AXIS, NAME, Spec
from shapetypes.static import changes, decorated, expressions as ex, objects, statements
from shapetypes.static.annotations import ANY, Contract
from shapetypes.static.contracts import (
    Check,
    all_args,
    contract_note,
    decorators,
    defaults,
    of_any_rank,
    parameters,
    rank_known,
    reader,
    rigid_scope,
    value_of,
)
from shapetypes.static.engine import DEPTH, STEPS_OF_CALLS, Call, Frame, Passed
from shapetypes.static.generators import is_generator
from shapetypes.static.join import State, join
from shapetypes.static.modules import ClassInfo
from shapetypes.static.values import (
    Alt,
    Bound,
    ClassRef,
    Func,
    Obj,
    PyDict,
    PyList,
    Ref,
    Symbol,
    alternatives,
    is_open,
    options,
    rebuilt,
    widest,
)

SHORT = 4
"""Functions of so few lines are followed even where there are steps for no others."""


def bind_arguments(func: Func, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any] | None:
    """Arguments by parameter name, without defaults; None when they do not fit the signature."""
    a = func.node.args
    out: dict[str, Any] = {}
    positional = [*a.posonlyargs, *a.args]
    left = list(args)
    named = dict(kwargs)
    for arg in positional:
        if left:
            if arg.arg in named and arg not in a.posonlyargs:
                return None
            out[arg.arg] = left.pop(0)
        elif arg.arg in named:
            out[arg.arg] = named.pop(arg.arg)
    if a.vararg:
        out[a.vararg.arg] = tuple(left)
        left = []
    for arg in a.kwonlyargs:
        if arg.arg in named:
            out[arg.arg] = named.pop(arg.arg)
    if a.kwarg:
        out[a.kwarg.arg] = PyDict(dict(named))
        named = {}
    missing = [
        arg.arg for arg in (*positional, *a.kwonlyargs) if arg.arg not in out and arg.arg not in defaults(func.node)
    ]
    return None if left or named or missing else out


def call_project(frame: Frame, node: ast.AST, func: Func, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call a function of the project: its contract is checked at the arguments, its body with the actual values."""
    if isinstance(func.node, ast.Lambda):
        bound = bind_arguments(func, args, kwargs)
        return Unknown("a lambda called with other arguments") if bound is None else run_body(frame, node, func, bound)
    bound = bind_arguments(func, args, kwargs)
    if "?" in decorators(frame, func):
        behind = decorated.call(frame, node, func, args, kwargs)
        if behind is not None:
            return behind[0]
        changes.forget_changed(frame, func, bound or {}, args)
        return Unknown(f"a decorator of `{func.name}` may change what a call does")
    if changes.may_be_replaced(frame, func):
        return Unknown(f"`{func.name}` may have been replaced")
    if bound is None:
        changes.forget_changed(frame, func, {}, args)
        return declared_only(frame, func)
    scope = Scope()
    matcher = _check_arguments(frame, node, func, bound, scope)
    if matcher is None:
        # One mistake is told once: nothing rests on what a call with a wrong argument returns.
        return _told(declared_only(frame, func))
    if is_generator(func):
        found = _yielded(frame, node, func, bound, scope)
        changes.forget_changed(frame, func, bound)
        return found
    declared = _declared(frame, func, scope, bound)
    if not _may_follow(frame, func, bound):
        changes.forget_changed(frame, func, bound)
        return declared
    errors = frame.engine.errors
    actual = run_body(frame, node, func, bound, scope)
    if frame.engine.errors > errors:
        return _told(declared)
    contract = parameters(frame, func)["return"]
    if contract.kind == "class":
        return _of_class(contract.what, actual)
    return combine(declared, actual, frame.state.judge)


def _told(value: Any) -> Any:
    """A declared result after a fault in the call: tensors stay tensors, their shapes and dtypes are not known."""
    if isinstance(value, TensorSpec):
        return TensorSpec(None, library=value.library)
    if isinstance(value, tuple):
        return rebuilt(value, (_told(v) for v in value))
    return value


def run_setter(frame: Frame, node: ast.AST, func: Func, owner: Obj, value: Any) -> None:
    """Give a property a value: its setter does what it does to the object."""
    bound = bind_arguments(func, (owner, value), {})
    if bound is not None and _may_follow(frame, func, bound):
        run_body(frame, node, func, bound)


def _of_class(info: ClassInfo, actual: Any) -> Any:
    """A result declared as an object of a class: unknown alternatives give way to those that are objects."""
    found = [(c, v) for c, v in options(actual) if isinstance(v, (Obj, Symbol))]
    if found:
        return alternatives(
            (c, Symbol(v.path, v.owner, info) if isinstance(v, Symbol) and v.info is None else v) for c, v in found
        )
    return actual


def _may_follow(frame: Frame, func: Func, bound: dict[str, Any]) -> bool:
    if len(frame.chain) >= DEPTH or any(
        c.frame.func is not None and c.frame.func.node is func.node for c in frame.chain
    ):
        return False
    if frame.func is not None and frame.func.node is func.node:
        return False
    if is_trivial(func.node) or (frame.engine.steps > STEPS_OF_CALLS and not _is_short(func.node)):
        return False
    self_value = next(iter(bound.values()), None)
    if isinstance(self_value, Symbol) and self_value.info is not None and func.owner is not None:
        return not _overridden(frame, self_value.info, func)
    return not (isinstance(self_value, Obj) and not self_value.exact and _overridden(frame, self_value.info, func))


def _overridden(frame: Frame, info: ClassInfo, func: Func) -> bool:
    """Whether a subclass in sight has its own version of this method."""
    for other in frame.engine.with_method(func.name.rpartition(".")[2], info.module):
        if other is not info and other.methods[func.name.rpartition(".")[2]] is not func.node:
            if any(isinstance(b, ClassRef) and b.info is info for b in frame.names.lineage(other)[1:]):
                return True
    return False


def is_trivial(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> bool:
    """Whether a body says nothing: a docstring, `...`, `pass`, `raise NotImplementedError`."""
    if isinstance(node, ast.Lambda):
        return False
    for item in node.body:
        if (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant)) or isinstance(
            item, (ast.Pass, ast.Raise)
        ):
            continue
        return False
    return True


def _is_short(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> bool:
    """Whether following a function costs next to nothing."""
    return (node.end_lineno or node.lineno) - node.lineno < SHORT


# -- contracts ----------------------------------------------------------------------------------------------------


def _check_arguments(frame: Frame, node: ast.AST, func: Func, bound: dict[str, Any], scope: Scope) -> Matcher | None:
    """Match the arguments with the annotations; None when one does not fit (the fault is reported)."""
    contracts = parameters(frame, func)
    if not any(contracts[name].shaped or contracts[name].dtypes for name in bound if name in contracts):
        _bind_instance(frame, scope, func, bound)
        return Matcher(scope, frame.state.judge)
    _bind_instance(frame, scope, func, bound)
    judge = frame.state.judge.fork()
    subject = f"{_shown(func)}()"
    judge.here = Origin("call", subject, place=frame.origin(node).place)
    matcher = Matcher(scope, judge, subject, _callee_holes(frame, func, bound))
    check = Check(frame, matcher)
    for name in _dims_first(contracts, bound):
        frame.meet(node, name, rank_known(contracts[name], bound[name]))
        contract = _of_each(func, name, contracts[name])
        found = check.take(name, contract, bound[name])
        if found:
            _report(frame, node, func, found[0], found[1])
            return None
    last = check.last()
    if last:
        _report(frame, node, func, last[0], contracts.get(last[0].argument or "", ANY))
        return None
    judge.here = frame.state.judge.here
    frame.state.judge.adopt(judge)
    _lint_squeezed(frame, contracts, bound)
    return matcher


def _of_each(func: Func, name: str, contract: Contract) -> Contract:
    """What stands at `*xs` and `**named` is said of each of them."""
    a = func.node.args
    for many, kind in ((a.vararg, "many"), (a.kwarg, "dict")):
        if many is not None and many.arg == name:
            return Contract(kind, parts=(contract,))
    return contract


def _dims_first(contracts: dict[str, Contract], bound: dict[str, Any]) -> list[str]:
    return [n for n in bound if n in contracts]


def _lint_squeezed(frame: Frame, contracts: dict[str, Contract], bound: dict[str, Any]) -> None:
    for name, value in bound.items():
        if name in contracts and isinstance(value, TensorSpec):
            squeeze_all(frame, value, contracts[name])


def squeeze_all(frame: Frame, value: Any, contract: Contract) -> None:
    """Lint: a bare `squeeze()` meets a declared shape with an axis that is only a name."""
    kept = frame.squeezed.get(id(value))
    if kept is None or kept[0] is not value or contract.spec is None:
        return
    names = [axis.name for axis in contract.spec.axes if axis.kind == NAME]
    symbolic = [p for p in value.parts if isinstance(p, Poly) and not isinstance(frame.state.judge.reduce(p), int)]
    if names and symbolic:
        frame.report(Fault("squeeze-all", "squeeze", "squeeze()", name=names[0], spec=contract.text), kept[1])


def _shown(func: Func) -> str:
    name = func.name
    return name.rpartition(".")[0] if name.endswith((".__init__", ".__call__")) else name


def _bind_instance(frame: Frame, scope: Scope, func: Func, bound: dict[str, Any]) -> None:
    """The names that the object fixes."""
    if func.owner is None or not bound or func.name.endswith("__init__"):
        return
    owner = next(iter(bound.values()))
    for name, size in objects.instance_names(frame, owner).items():
        scope.bind(name, size, Origin("parameter", name, size, dim=name))


def _callee_holes(frame: Frame, func: Func, bound: dict[str, Any]) -> Any:
    from shapetypes.static.contracts import _holes

    inner = Frame(frame.engine, func.module, func, State(dict(bound), frame.state.heap, frame.state.judge), frame.chain)
    return _holes(inner)


def _report(frame: Frame, node: ast.AST, func: Func, fault: Fault, contract: Contract) -> None:
    at = argument_node(node, func, fault.argument or "")
    frame.report(fault, at, contract_note(contract))


def argument_node(node: ast.AST, func: Func, label: str) -> ast.AST:
    """The expression in a call that was passed for a parameter; the whole call when there is none."""
    name, _, rest = label.partition("[")
    if not isinstance(node, ast.Call):
        return node
    found: ast.AST | None = next((k.value for k in node.keywords if k.arg == name), None)
    if found is None:
        names = [a.arg for a in (*func.node.args.posonlyargs, *func.node.args.args)]
        offset = len(names) > 0 and func.owner is not None and names[0] in ("self", "cls")
        if name in names:
            i = names.index(name) - int(offset)
            if 0 <= i < len(node.args) and not any(isinstance(a, ast.Starred) for a in node.args[: i + 1]):
                found = node.args[i]
    if isinstance(found, (ast.Tuple, ast.List)) and rest.rstrip("]").isdigit():
        i = int(rest.rstrip("]"))
        if i < len(found.elts):
            return found.elts[i]
    return found if found is not None else node


def declared_only(frame: Frame, function: Any) -> Any:
    """What a function's return annotation says when the arguments are not known."""
    func = function.func if isinstance(function, Bound) else function
    if isinstance(func.node, ast.Lambda):
        return Unknown("a lambda")
    return _declared(frame, func, Scope(), {})


def _declared(frame: Frame, func: Func, scope: Scope, bound: dict[str, Any]) -> Any:
    if isinstance(func.node, ast.Lambda) or is_generator(func):
        return Unknown("what a generator yields")
    contract = parameters(frame, func)["return"]
    return _declared_value(frame, contract, scope)


def _yielded(frame: Frame, node: ast.AST, func: Func, bound: dict[str, Any], scope: Scope) -> Any:
    """What a generator yields, as its annotation says, or else as its body does."""
    contract = parameters(frame, func)["return"]
    if contract.kind == "list" and contract.parts[0].shaped:
        return PyList(None, value_of(frame, contract.parts[0], scope, frame.owner, "return"), is_list=False)
    found: list[Any] = []
    if not decorators(frame, func) and _may_follow(frame, func, bound):
        run_body(frame, node, func, bound, yielded=found)
    if not found:
        return Unknown("what a generator yields")
    return PyList(None, widest(found), is_list=False)


def _declared_value(frame: Frame, contract: Contract, scope: Scope) -> Any:
    if contract.kind == "tensor" or (contract.kind == "tuple" and contract.parts):
        return value_of(frame, contract, scope, frame.owner, "return")
    if contract.kind == "none":
        return None
    if contract.kind == "union" and contract.shaped:
        # Which of them it is may differ from call to call.
        return value_of(frame, contract, scope, frame.owner, f"return {unknown_var()}")
    if contract.kind in ("list", "many") and contract.parts[0].kind == "tensor":
        return PyList(None, value_of(frame, contract.parts[0], scope, frame.owner, "return"))
    return Unknown("a call whose result is not annotated")


def combine(declared: Any, actual: Any, judge: Judge) -> Any:
    """A declared result with what the body returns: a declared size wins, an undeclared one is filled in."""
    if isinstance(declared, Unknown):
        return actual
    if isinstance(declared, Alt):
        return _of_union(declared, actual)
    if isinstance(declared, TensorSpec):
        found = [v for _, v in options(actual) if isinstance(v, TensorSpec)]
        if len(found) != len(options(actual)) or not found:
            return declared
        if declared.shape is None:
            return actual
        return _fill(declared, widest(list(found)), judge)
    if isinstance(declared, tuple) and isinstance(actual, tuple) and not is_open(actual):
        if len(declared) == len(actual):
            return rebuilt(actual, (combine(x, y, judge) for x, y in zip(declared, actual, strict=True)))
        return declared if is_open(declared) else Unknown("other values than declared are returned")
    if isinstance(declared, tuple) and all(isinstance(v, TensorSpec) for _, v in options(actual)):
        return Unknown("a tensor is returned where several are declared")
    if isinstance(declared, PyList) and isinstance(actual, PyList):
        if actual.items is not None:
            return PyList(tuple(combine(declared.element, v, judge) for v in actual.items), None)
        return PyList(None, combine(declared.element, actual.element, judge), declared.is_list)
    return declared


def _of_union(declared: Alt, actual: Any) -> Any:
    """A result declared as one of several: what the body returns where its rank is known, else any of them."""
    found = [v for _, v in options(actual)]
    tensors = [v for v in found if isinstance(v, TensorSpec) and v.rank is not None]
    return actual if len(tensors) == len([v for v in found if v is not None]) and tensors else declared


def _fill(declared: TensorSpec, actual: TensorSpec, judge: Judge) -> TensorSpec:
    dtype = actual.dtype if actual.dtype is not None and not isinstance(declared.dtype, str) else declared.dtype
    library = actual.library or declared.library
    if declared.shape is None or actual.shape is None:
        return TensorSpec(declared.shape if declared.shape is not None else actual.shape, dtype, library=library)
    want, have = declared.parts, actual.parts
    if rank(want) is None and rank(have) is None and len(want) == len(have):
        return TensorSpec((_size(w, h, judge) for w, h in zip(want, have, strict=True)), dtype, library=actual.library)
    if rank(want) is None:
        return TensorSpec(have if rank(have) is not None else want, dtype, library=library)
    if rank(have) is None:
        return TensorSpec(want, dtype, library=library)
    if len(have) != len(want):
        # The annotation is wrong, which is told where it stands: nothing rests on it.
        return TensorSpec(None, dtype, library=library)
    return TensorSpec((_size(w, h, judge) for w, h in zip(want, have, strict=True)), dtype, library=library)


def _size(want: Any, have: Any, judge: Judge) -> Any:
    """The declared size, the body's own where none is declared, neither where they surely differ."""
    if isinstance(want, Var) and isinstance(have, Var):
        return have if is_fresh(want) else want
    if isinstance(want, Var) or isinstance(have, Var):
        return want
    if d.is_unknown(want):
        return have
    return d.unknown("declared and returned sizes differ") if judge.differ(want, have) else want


# -- bodies ---------------------------------------------------------------------------------------------------------


def run_body(
    frame: Frame,
    node: ast.AST,
    func: Func,
    bound: dict[str, Any],
    scope: Scope | None = None,
    yielded: list[Any] | None = None,
) -> Any:
    """Run a function's body with actual values, on the caller's path; `yielded` takes what it yields.

    Returns:
        What it returns; alternatives where paths differ.
    """
    frame.engine.tick()
    state = State({}, frame.state.heap, frame.state.judge)
    state.conds = frame.state.conds
    inner = Frame(frame.engine, func.module, func, state, (*frame.chain, Call(frame, node)))
    inner.muted = frame.muted
    inner.owner = f"{inner.owner}#{d.fresh()}"
    inner.scope = scope or Scope()
    inner.yielded = [] if yielded is None else yielded
    if scope is not None and func.module.path == frame.engine.checked_path and not is_trivial(func.node):
        inner.result = parameters(frame, func)["return"]
    inner.closures = _closure(frame, func)
    inner.self_value = next(iter(bound.values()), None) if func.owner is not None else None
    state.env = dict(bound)
    inner.passed = _passed(frame, node, func, bound)
    _fill_defaults(inner, func, bound)
    if isinstance(func.node, ast.Lambda):
        value = ex.evaluate(inner, func.node.body)
        _hand_back(frame, inner.state, func, bound)
        return value
    statements.run(inner, func.node.body)
    return _collect(frame, inner, func, bound)


def _passed(frame: Frame, node: ast.AST, func: Func, bound: dict[str, Any]) -> dict[str, Passed]:
    """The parameters that stand for names of the caller."""
    out = {}
    for name, value in bound.items():
        given = argument_node(node, func, name)
        if not isinstance(given, ast.Name) or frame.state.env.get(given.id, bound) is not value:
            continue
        version = frame.state.versions.get(given.id, 0)
        own = Passed(given.id, frame.owner, version)
        out[name] = frame.passed.get(given.id, own) if version == 0 else own
    return out


def _closure(frame: Frame, func: Func) -> dict[str, Any] | None:
    """The names around a nested function: those of the function it stands in as they are now, if that is calling."""
    if func.closure is None:
        return None
    if func.closure.get("\0owner") == frame.owner:
        return {**(frame.closures or {}), **frame.state.env}
    return func.closure


def _fill_defaults(frame: Frame, func: Func, bound: dict[str, Any]) -> None:
    for name, expr in defaults(func.node).items():
        if name not in bound:
            if isinstance(expr, ast.Constant):
                frame.state.env[name] = expr.value
            else:
                frame.state.env[name] = ex.resolve(frame, ("expr", func.module, expr), f"{func.name}({name})")
    a = func.node.args
    if a.vararg and a.vararg.arg not in frame.state.env:
        frame.state.env[a.vararg.arg] = ()
    if a.kwarg and a.kwarg.arg not in frame.state.env:
        frame.state.env[a.kwarg.arg] = PyDict({})


def _collect(frame: Frame, inner: Frame, func: Func, bound: dict[str, Any]) -> Any:
    ends = list(inner.returns)
    if not inner.state.dead:
        ends.append((None, inner.state, None))
    if not ends:
        # Every path raises: nothing goes on from here that could be judged.
        return Unknown("a call that only raises")
    start = frozenset(frame.state.conds.items())
    paths = [(state, frozenset(state.conds.items()) - start) for _, state, _ in ends]
    found = []
    for (value, _, _), (_, conds) in zip(ends, paths, strict=True):
        found += [(conds | inner_conds, v) for inner_conds, v in options(value)]
    for state, _ in paths:
        state.dead = False
    before = State({}, frame.state.heap, frame.state.judge)
    before.conds = frame.state.conds
    after = paths[0][0] if len(paths) == 1 else join(before, paths)
    _hand_back(frame, after, func, bound)
    return alternatives(found)


def _hand_back(frame: Frame, state: State, func: Func, bound: dict[str, Any]) -> None:
    """The caller goes on with the callee's objects and facts, and with what it changed in place."""
    frame.state.heap = state.heap
    if state.judge is not frame.state.judge:
        frame.state.judge.adopt(state.judge)
    changes.hand_back(frame, state, func, bound)


# -- symbolic arguments ---------------------------------------------------------------------------------------------


def symbolic_arguments(frame: Frame, func: Func, self_value: Any = None) -> dict[str, Any]:
    """Values for a function's parameters as its own annotations declare them, for judging it by itself."""
    frame.in_init = func.name.endswith("__init__")
    contracts = parameters(frame, func)
    owner = func.owner.key if frame.in_init and func.owner is not None else frame.owner
    frame.owner = owner
    # A name that stands only in the return annotation is bound there, by each `return` separately.
    # The axes written on `self` are those of an object, not of a tensor whose sizes the body could meet.
    first = next((arg.arg for arg in all_args(func.node)), None) if self_value is not None else None
    named = [c for name, c in contracts.items() if name not in ("return", first)]
    written = rigid_scope(frame.scope, named, owner)
    frame.state.judge.written = written
    out: dict[str, Any] = {}
    a = func.node.args
    given = defaults(func.node)
    inspected = _dtype_inspected(func)
    for i, arg in enumerate(all_args(func.node)):
        name = arg.arg
        if i == 0 and self_value is not None:
            out[name] = self_value
            continue
        contract = contracts[name]
        if a.vararg is arg:
            out[name] = PyList(None, value_of(frame, contract, frame.scope, owner, name))
            continue
        if a.kwarg is arg:
            out[name] = PyDict(None)
            continue
        out[name] = _parameter(frame, contract, given.get(name), owner, name)
        if name in inspected:
            out[name] = _without_dtype(out[name])
    return out


def _parameter(frame: Frame, contract: Contract, default: ast.expr | None, owner: str, name: str) -> Any:
    constant = default.value if isinstance(default, ast.Constant) else ...
    if default is not None and constant is None and contract.kind not in ("any", "union", "none"):
        contract = Contract("union", parts=(contract, Contract("none")))
    if contract.kind == "any" and frame.in_init and type(constant) is int:
        return d.fixed(name, owner, linear=True)
    if contract.kind == "any" and isinstance(constant, (bool, float, str)):
        return Unknown(f"`{name}`")
    if contract.kind == "any" and constant is None:
        return Unknown(f"`{name}` is not annotated")
    return of_any_rank(value_of(frame, contract, frame.scope, owner, name))


def _dtype_inspected(func: Func) -> set[str]:
    """Names whose dtype the body asks for: it may do anything depending on it."""
    return {
        n.value.id
        for n in func.module.inside(func.node, ast.Attribute)
        if n.attr in ("dtype", "is_floating_point") and isinstance(n.value, ast.Name)
    }


def _without_dtype(value: Any) -> Any:
    if isinstance(value, TensorSpec):
        return TensorSpec(value.shape, None)
    return value


def check_fields(frame: Frame, node: ast.AST, obj: Obj, values: dict[str, tuple[Any, ClassInfo]]) -> None:
    """Match the values a dataclass is built with with the annotations of its fields."""
    from shapetypes.static.annotations import BadAnnotation

    matcher = Matcher(Scope(), frame.state.judge.fork(), f"{obj.info.name}()")
    check = Check(frame, matcher)
    for name, (value, info) in values.items():
        try:
            contract = reader(frame, info).read(info.fields[name])
        except BadAnnotation:
            continue
        found = check.take(name, contract, value)
        if found:
            at = node
            if isinstance(node, ast.Call):
                at = next((k.value for k in node.keywords if k.arg == name), node)
                names = list(values)
                if at is node and names.index(name) < len(node.args):
                    at = node.args[names.index(name)]
            frame.report(found[0], at, contract_note(found[1]))
            return


__all__ = ["ANY_AXIS", "Ref", "Spec", "Var", "bind_arguments", "call_project", "combine", "run_body", "unknown_var"]
