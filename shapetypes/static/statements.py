"""Statements: how a path goes on, forks and joins."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from shapetypes.core import dim as d
from shapetypes.core.dim import Poly
from shapetypes.core.fault import Fault, ShapeError
from shapetypes.core.match import Matcher
from shapetypes.core.shape import TensorSpec, Unknown, Var
from shapetypes.ops.apply import Layer
from shapetypes.static import (
    calls,
    changes,
    conditions,
    contexts,
    demands,
    expressions as ex,
    follow,
    items,
    keras_layers,
    local_contracts,
    loops,
    objects,
    operators,
    symbols,
    tied,
    union_members,
    value_methods,
)
from shapetypes.static.annotations import ANY, BadAnnotation, Contract
from shapetypes.static.contracts import Check, _holes, contract_note, rank_known
from shapetypes.static.engine import Frame, symbol_size
from shapetypes.static.join import State, join
from shapetypes.static.modules import ClassInfo
from shapetypes.static.presence import scope_here
from shapetypes.static.values import (
    Alt,
    ClassRef,
    Func,
    Modules,
    Obj,
    PyDict,
    PyList,
    Symbol,
    alternatives,
    by_name,
    is_open,
    options,
)


def run(frame: Frame, body: list[ast.stmt]) -> None:
    """Run statements until the path ends."""
    for node in body:
        if frame.state.dead:
            return
        statement(frame, node)


def statement(frame: Frame, node: ast.stmt) -> None:
    """Run one statement."""
    frame.engine.tick()
    handler = _HANDLERS.get(type(node))
    if handler is not None:
        handler(frame, node)


# -- assignments --------------------------------------------------------------------------------------------------


def _assign(frame: Frame, node: ast.Assign) -> None:
    value = ex.evaluate(frame, node.value)
    if isinstance(value, Unknown):
        value = conditions.as_value(frame, node.value, value)
    value = items.taken(frame, node.value, {t.id for t in node.targets if isinstance(t, ast.Name)}, value)
    for target in node.targets:
        assign(frame, target, value, node.value)


def assign(frame: Frame, target: ast.expr, value: Any, source: ast.expr | None = None) -> None:
    """Give a target a value: a name, an attribute, an item, or several by unpacking."""
    if isinstance(target, ast.Name):
        if target.id in frame.declared:
            value = local_contracts.declare(frame, frame.declared[target.id], value, source or target, target.id)
        frame.state.assign(target.id, Unknown(_REBOUND) if target.id in frame.rebound else value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        _unpack(frame, target, value, source)
    elif isinstance(target, ast.Attribute):
        owner = ex.evaluate(frame, target.value)
        if isinstance(owner, Obj):
            _set_attribute(frame, owner, target, value)
        elif not isinstance(owner, (Unknown, Symbol)) and target.attr == "data":
            frame.state.replace(owner, value)
        elif isinstance(owner, Layer) and isinstance(value, TensorSpec):
            tied.tie(frame, owner, target.attr, value)
        elif isinstance(owner, Modules) and isinstance(value, (Layer, Obj, Modules, Unknown)):
            items.put_item(frame, target, owner, target.attr, value)
        elif type(owner) is Unknown:
            changes.of_some_object(frame, target.attr)
    elif isinstance(target, ast.Subscript):
        _set_item(frame, target, value)
    elif isinstance(target, ast.Starred):
        assign(frame, target.value, value)


_REBOUND = "a nested function assigns it"


def _set_attribute(frame: Frame, owner: Obj, target: ast.Attribute, value: Any) -> None:
    if (isinstance(value, Symbol) or type(value) is Unknown) and symbols.declares_int(frame, owner.info, target.attr):
        value = symbol_size(value) if isinstance(value, Symbol) else d.unknown(f"`{target.attr}` is declared an int")
    if isinstance(frame.names.method(owner.info, "__setattr__"), Func) or _is_descriptor(frame, owner, target.attr):
        value = Unknown("what the class makes of an attribute that is set")
    setter = frame.names.setter(owner.info, target.attr)
    if setter is not None:
        follow.run_setter(frame, target, setter, owner, value)
        return
    frame.state.heap[(owner.id, target.attr)] = value
    frame.state.conds = {k: v for k, v in frame.state.conds.items() if f".{target.attr}" not in k}


def _is_descriptor(frame: Frame, owner: Obj, name: str) -> bool:
    """Whether the class keeps an object under a name that has its own way of being read or set."""
    for item in frame.names.lineage(owner.info):
        if isinstance(item, ClassRef) and isinstance(item.info.constants.get(name), ast.Call):
            kept = objects.class_attribute(frame, item, name)
            return isinstance(kept, Obj) and any(
                isinstance(frame.names.method(kept.info, method), Func) for method in ("__get__", "__set__")
            )
    return False


def _set_item(frame: Frame, target: ast.Subscript, value: Any) -> None:
    items.change_any(frame, target.value)
    owner, index = ex.evaluate(frame, target.value), ex.evaluate(frame, target.slice)
    obj = items.owner_of_table(frame, target.value)
    if obj is not None:
        items.set_by_name(frame, obj, index, value)
        return
    if isinstance(owner, TensorSpec):

        def run_set(v: list[Any]) -> Any:
            if by_name(v[1]):
                return Unknown("an item by name: no plain tensor")
            return calls.stub_method(frame, "torch.Tensor", v[0], "__setitem__", (v[1], v[2]), {}, "[]=", target)[0]

        ex.lift(frame, target, [owner, index, value], run_set)
    else:
        items.put_item(frame, target, owner, index, value)


def _unpack(frame: Frame, target: ast.Tuple | ast.List, value: Any, source: ast.expr | None) -> None:
    names = target.elts
    star = next((i for i, t in enumerate(names) if isinstance(t, ast.Starred)), None)
    value = _transposed(frame, shape_fact(frame, value, source, len(names), star), len(names))
    parts = ex.iterate(frame, value)
    if parts is None and isinstance(value, tuple) and star is not None:
        _unpack_open(frame, names, value, star)
        return
    if parts is None:
        rows = ex.element(frame, value) if not isinstance(value, Unknown) else value
        if isinstance(value, tuple) and is_open(value):
            known = len(value) - 1
            if known > len(names):
                _unpack_fault(frame, target, value, len(names), source)
        for i, t in enumerate(names):
            item = d.unknown("a size") if isinstance(rows, Poly) else rows
            if isinstance(value, PyList):
                item = ex.element(frame, value, i if star is None else None)
            assign(
                frame,
                t.value if isinstance(t, ast.Starred) else t,
                PyList(None, item) if isinstance(t, ast.Starred) else item,
            )
        return
    fits = len(parts) == len(names) if star is None else len(parts) >= len(names) - 1
    if not fits:
        _unpack_fault(frame, target, value, len(names), source)
        for t in names:
            assign(frame, t.value if isinstance(t, ast.Starred) else t, Unknown("unpacking failed"))
        return
    _unpack_known(frame, names, parts, star)


def _transposed(frame: Frame, value: Any, count: int) -> Any:
    """Alternatives of tuples as one tuple of alternatives; those that are not known are so in each place."""
    if not isinstance(value, Alt):
        return value
    rows = [(c, (v,) * count if isinstance(v, Unknown) else ex.iterate(frame, v)) for c, v in value.options]
    if any(items is None or len(items) != count for _, items in rows):
        return value
    return tuple(
        alternatives([(c | inner, o) for c, items in rows for inner, o in options((items or ())[i])])
        for i in range(count)
    )


def _unpack_known(frame: Frame, names: list[ast.expr], items: tuple[Any, ...], star: int | None) -> None:
    if star is None:
        for t, v in zip(names, items, strict=True):
            assign(frame, t, v)
        return
    after = len(names) - star - 1
    for t, v in zip(names[:star], items[:star], strict=True):
        assign(frame, t, v)
    assign(frame, names[star], PyList(tuple(items[star : len(items) - after])))
    for t, v in zip(names[star + 1 :], items[len(items) - after :], strict=True):
        assign(frame, t, v)


def _unpack_open(frame: Frame, names: list[ast.expr], value: tuple[Any, ...], star: int) -> None:
    """`*batch, n, d = x.shape` of a shape that hides how many axes it has."""
    from shapetypes.static.attributes import tuple_item

    after = len(names) - star - 1
    for i, t in enumerate(names[:star]):
        assign(frame, t, tuple_item(frame, value, i))
    for i, t in enumerate(names[star + 1 :]):
        assign(frame, t, tuple_item(frame, value, i - after))
    middle = tuple_item(frame, value, slice(star, -after if after else None))
    assign(frame, names[star], middle if isinstance(middle, tuple) else Unknown("the rest of a shape"))


def shape_fact(frame: Frame, value: Any, source: ast.expr | None, count: int, star: int | None) -> Any:
    """`B, T, F = x.shape` makes the rank of `x` a fact."""
    if star is not None or source is None or not (isinstance(value, tuple) and is_open(value)):
        return value
    target = None
    if isinstance(source, ast.Attribute) and source.attr == "shape":
        target = source.value
    elif isinstance(source, ast.Call) and isinstance(source.func, ast.Attribute) and source.func.attr == "size":
        target = source.func.value
    if target is not None:
        learned = conditions.set_rank(frame, ex.evaluate(frame, target), count)
        if learned is not None:
            return learned.parts
    return value


def _unpack_fault(frame: Frame, target: ast.AST, value: Any, count: int, source: ast.expr | None) -> None:
    """Too many or too few names: reported for shapes and tensors, the rest is the type checker's."""
    items = ex.iterate(frame, value) or value
    argument = None if source is None else ast.unparse(source)
    fault = None
    if isinstance(value, tuple) and all(isinstance(v, (int, Poly, Var)) and not isinstance(v, bool) for v in value):
        fault = Fault("rank-mismatch", "unpack", got=value, want=count, argument=argument)
    elif isinstance(items, tuple) and _known_tensors(items):
        fault = Fault("rank-mismatch", "count", argument=argument, name="tensors", got=len(items), want=count)
    if fault is not None:
        frame.report(fault, source or target)


def _known_tensors(items: tuple[Any, ...]) -> bool:
    """Whether these are tensors of which more is known than a plain `tuple[Tensor, Tensor]` says."""
    return all(isinstance(v, TensorSpec) for v in items) and any(v.shape is not None for v in items)


def _aug_assign(frame: Frame, node: ast.AugAssign) -> None:
    load = _as_load(node.target)
    left, right = ex.evaluate(frame, load), ex.evaluate(frame, node.value)
    if isinstance(left, PyList) and isinstance(node.op, ast.Add):
        other = right if isinstance(right, PyList) else PyList(ex.iterate(frame, right), Unknown("an item"))
        frame.state.replace(left, value_methods.extended(left, other))
        return

    def run_op(v: list[Any]) -> Any:
        return operators.binary(frame, node, node.op, v[0], v[1], load, node.value, "__i")

    value = ex.lift(frame, node, [left, right], run_op)
    assign(frame, node.target, value)


def _as_load(target: ast.expr) -> ast.expr:
    if isinstance(target, ast.Name):
        return ast.copy_location(ast.Name(target.id, ast.Load()), target)
    if isinstance(target, ast.Attribute):
        return ast.copy_location(ast.Attribute(target.value, target.attr, ast.Load()), target)
    if isinstance(target, ast.Subscript):
        return ast.copy_location(ast.Subscript(target.value, target.slice, ast.Load()), target)
    return target


def _ann_assign(frame: Frame, node: ast.AnnAssign) -> None:
    contract: Contract = ANY
    if frame.func is not None or frame.own:
        try:
            contract = frame.annotations().read(node.annotation)
        except BadAnnotation:
            contract = ANY
    if node.value is None:
        if isinstance(node.target, ast.Name) and contract.shaped and frame.func is not None:
            frame.declared[node.target.id] = contract
        return
    value = ex.evaluate(frame, node.value)
    if contract.shaped or contract.dtypes:
        value = local_contracts.declare(frame, contract, value, node.value, _target_name(node.target))
    elif contract.kind == "tensor" and isinstance(value, Unknown):
        value = TensorSpec(None)
    if isinstance(node.target, ast.Name):
        frame.declared.pop(node.target.id, None)  # declared anew
    assign(frame, node.target, value, node.value)


def _target_name(target: ast.expr) -> str:
    return ast.unparse(target)


# -- leaving ------------------------------------------------------------------------------------------------------


def _return(frame: Frame, node: ast.Return) -> None:
    value = None if node.value is None else ex.evaluate(frame, node.value)
    if frame.result is not None and node.value is not None and not frame.state.dead:
        if frame.own or local_contracts.is_concrete(frame, frame.state.pick(value)):
            check_return(frame, node.value, value)
    frame.returns.append((value, frame.state.fork(), node))
    frame.state.dead = True


def check_return(frame: Frame, node: ast.expr, value: Any) -> None:
    """Judge a returned value against the return annotation: nothing is identified there."""
    assert frame.result is not None
    if not frame.is_generator:
        _check_result(frame, node, value, frame.result)


def check_yield(frame: Frame, node: ast.expr, value: Any) -> None:
    """Judge what a generator yields against the items that its annotation declares."""
    if frame.is_generator and frame.result is not None and frame.result.kind == "list":
        _check_result(frame, node, value, frame.result.parts[0])


def _check_result(frame: Frame, node: ast.expr, value: Any, contract: Contract) -> None:
    if not contract.shaped and not contract.dtypes:
        return
    frame.meet(node, "return", rank_known(contract, frame.state.pick(value)))
    judge = frame.state.judge.fork()
    judge.strict = True
    name = frame.func.name if frame.func else ""
    held = frame.state.pick(value)
    for each in (held, *union_members.each(frame, held)):
        check = Check(frame, Matcher(scope_here(frame).trial(), judge, f"{name}()", _holes(frame), what="return"))
        found = check.take("return", contract, each) or check.last()
        if found is not None:
            break
    if found is None:
        if frame.own:
            follow.squeeze_all(frame, value, contract)
        return
    fault, part = found
    at: ast.expr = node
    index = (fault.argument or "").partition("[")[2].rstrip("]")
    if isinstance(node, ast.Tuple) and index.isdigit() and int(index) < len(node.elts):
        at = node.elts[int(index)]
    again = Check(frame, Matcher(scope_here(frame).trial(), judge, f"{name}()", _holes(frame), what="return"))
    more = keras_layers.flat_note(frame, again, "return", contract, value)
    frame.report(fault, at, (*contract_note(part if part.place else contract), *more))


def _raise(frame: Frame, node: ast.Raise) -> None:
    if node.exc is not None:
        ex.evaluate(frame, node.exc)
    frame.state.dead = True


def _assert(frame: Frame, node: ast.Assert) -> None:
    known = conditions.truth(frame, node.test)
    if known is None:
        conditions.assume(frame, node.test, True)
        frame.state.dead = False
    elif known is False:
        demands.unmet(frame, node.test, True)
        frame.state.dead = True


def _break(frame: Frame, node: ast.Break) -> None:
    if frame.loops:
        frame.loops[-1].breaks.append(frame.state.fork())
    frame.state.dead = True


def _continue(frame: Frame, node: ast.Continue) -> None:
    if frame.loops:
        frame.loops[-1].continues.append(frame.state.fork())
    frame.state.dead = True


# -- forks ----------------------------------------------------------------------------------------------------------


def _if(frame: Frame, node: ast.If) -> None:
    known = conditions.truth(frame, node.test)
    if known is not None:
        if known and isinstance(node.body[-1], ast.Raise):
            demands.unmet(frame, node.test, False)
        run(frame, node.body if known else node.orelse)
        return
    ex.evaluate(frame, node.test)
    before = frame.state
    branches: list[tuple[State, frozenset[Any]]] = []
    key, positive = conditions.condition_key(frame, node.test)
    # Which way a call takes here may hang together with the form of its tensors: nothing is said of either.
    open_switch = bool(frame.chain) and conditions.is_switch(frame, node.test)
    frame.muted += open_switch
    for holds, body in ((True, node.body), (False, node.orelse)):
        frame.state = before.fork()
        conditions.assume(frame, node.test, holds)
        run(frame, body)
        branches.append((frame.state, frozenset({(key, positive == holds)})))
    frame.muted -= open_switch
    frame.state = join(before, branches)


def _try(frame: Frame, node: ast.Try) -> None:
    before = frame.state.fork()
    frame.engine.guarded += bool(node.handlers)
    run(frame, node.body)
    frame.engine.guarded -= bool(node.handlers)
    after = frame.state
    done = after.fork()
    if not done.dead and node.orelse:
        frame.state = done
        run(frame, node.orelse)
        done = frame.state
    branches: list[tuple[State, frozenset[Any]]] = [(done, frozenset({(f"try {id(node)}", True)}))]
    for i, handler in enumerate(node.handlers):
        middle = loops.blurred(before, after)
        frame.state = middle
        if handler.name:
            middle.assign(handler.name, Unknown("an exception"))
        run(frame, handler.body)
        branches.append((frame.state, frozenset({(f"try {id(node)}", False), (f"handler {id(node)}", i == 0)})))
    frame.state = join(before, branches)
    if node.finalbody:
        dead, frame.state.dead = frame.state.dead, False
        run(frame, node.finalbody)
        frame.state.dead = frame.state.dead or dead


def _match(frame: Frame, node: ast.Match) -> None:
    from shapetypes.static.patterns import run_match

    run_match(frame, node)


# -- definitions ------------------------------------------------------------------------------------------------------


def _function(frame: Frame, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    changes.by_nested(frame, node)
    frame.rebound |= changes.rebound(node)
    for name in frame.rebound & frame.state.env.keys():
        frame.state.assign(name, Unknown(_REBOUND))
    around = {**(frame.closures or {}), **frame.state.env, "\0owner": frame.owner}
    func = Func(node, frame.module, None, around, node.name)
    frame.state.assign(node.name, func)
    if frame.own:
        from shapetypes.static.check import judge_nested

        judge_nested(frame, func)


def _class(frame: Frame, node: ast.ClassDef) -> None:
    around = {**(frame.closures or {}), **frame.state.env}
    frame.state.assign(node.name, ClassRef(ClassInfo(node, frame.module, around)))


def _import(frame: Frame, node: ast.Import | ast.ImportFrom) -> None:
    for name, target in frame.module.imported(node):
        value = frame.names.path(target)
        frame.state.assign(name, ex.resolve(frame, value, name))


def _delete(frame: Frame, node: ast.Delete) -> None:
    for target in node.targets:
        if isinstance(target, ast.Name):
            frame.state.env.pop(target.id, None)
        elif isinstance(target, ast.Subscript):
            owner, index = ex.evaluate(frame, target.value), ex.evaluate(frame, target.slice)
            items.delete_item(frame, target, owner, index)
        elif isinstance(target, ast.Attribute):
            owner = ex.evaluate(frame, target.value)
            if isinstance(owner, Obj):
                frame.state.heap[(owner.id, target.attr)] = Unknown("a deleted attribute")
            elif isinstance(owner, Modules):
                items.delete_item(frame, target, owner, target.attr)


def _expression(frame: Frame, node: ast.Expr) -> None:
    ex.evaluate(frame, node.value)


def _type_alias(frame: Frame, node: Any) -> None:
    frame.state.assign(node.name.id, Unknown("a type alias"))


# -- comprehensions ------------------------------------------------------------------------------------------------


def comprehension(frame: Frame, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Any:
    """A comprehension: item by item where the items are known, else one element for all."""
    saved = dict(frame.state.env)
    results: list[Any] = []
    first = ex.evaluate(frame, node.generators[0].iter)
    exact = _generate(frame, node, 0, results, first)
    env = frame.state.env
    for name in [n for n in env if n not in saved]:
        del env[name]
    env.update({k: v for k, v in saved.items() if k in _targets(node)})
    if isinstance(node, ast.DictComp):
        if exact and all(isinstance(k, (str, int)) for k, _ in results):
            return PyDict(dict(results))
        return PyDict(None, results[0][1] if results else Unknown("an item"))
    if exact:
        return PyList(tuple(results), None, not isinstance(node, ast.SetComp))
    from shapetypes.static.values import widest

    count = ex.count_of(first) if len(node.generators) == 1 and not node.generators[0].ifs else None
    is_list = not isinstance(node, ast.SetComp)
    return PyList(None, widest(results) if results else Unknown("an item"), count=count if is_list else None)


def _targets(node: Any) -> set[str]:
    return {n.id for g in node.generators for n in ast.walk(g.target) if isinstance(n, ast.Name)}


def _generate(frame: Frame, node: Any, level: int, results: list[Any], first: Any) -> bool:
    if level == len(node.generators):
        if isinstance(node, ast.DictComp):
            results.append((ex.evaluate(frame, node.key), ex.evaluate(frame, node.value)))
        else:
            results.append(ex.evaluate(frame, node.elt))
        return True
    generator = node.generators[level]
    value = ex.evaluate(frame, generator.iter) if level else first
    items = ex.iterate(frame, value)
    exact = items is not None and len(items) <= 64
    for item in (items or ()) if exact else (ex.element(frame, value),):
        assign(frame, generator.target, item)
        decided = [conditions.truth(frame, test) for test in generator.ifs]
        if False in decided and exact:
            continue
        exact = exact and None not in decided
        before = frame.state
        if None in decided:
            frame.state = before.fork()
            for test in generator.ifs:
                conditions.assume(frame, test, True)
            frame.state.dead = False
        exact = _generate(frame, node, level + 1, results, first) and exact
        frame.state = before
    return exact


_HANDLERS: dict[type[ast.stmt], Callable[[Frame, Any], None]] = {
    ast.Assign: _assign,
    ast.AugAssign: _aug_assign,
    ast.AnnAssign: _ann_assign,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.Assert: _assert,
    ast.Break: _break,
    ast.Continue: _continue,
    ast.If: _if,
    ast.For: loops.run_for,
    ast.AsyncFor: loops.run_for,
    ast.While: loops.run_while,
    ast.Try: _try,
    ast.With: contexts.run_with,
    ast.AsyncWith: contexts.run_with,
    ast.Match: _match,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Import: _import,
    ast.ImportFrom: _import,
    ast.Delete: _delete,
    ast.Expr: _expression,
}
if hasattr(ast, "TryStar"):
    _HANDLERS[ast.TryStar] = _try

__all__ = ["ShapeError", "assign", "comprehension", "run", "statement"]
