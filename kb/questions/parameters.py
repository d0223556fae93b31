"""What the parameters of questions mean, said once for Python, the command line and the docs."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_type_hints


@dataclass(frozen=True, slots=True)
class Says:
    """What a signature's annotation says of a parameter beyond its type."""

    help: str
    type: type = str
    choices: tuple[str, ...] = ()
    """The closed list of values; empty where any value of the type may be legal."""
    several: bool = False
    """Whether several values may be given."""
    kinds: tuple[str, ...] = ()
    """The node kinds that the value names, as an id in full or for short."""
    flag: str = ""
    """The option on the command line where it is not called as the parameter; with one, a required parameter is no argument."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a question."""

    name: str
    says: Says
    required: bool
    """A required parameter is an argument of the command, the others are options."""
    default: Any


def parameters(question: Callable[..., Any]) -> tuple[Parameter, ...]:
    """The parameters of a question function, in its order; but for the engine and who looks on, which its caller has."""
    hints = get_type_hints(question, include_extras=True)
    signature = inspect.signature(question).parameters.values()
    return tuple(
        Parameter(
            name=parameter.name,
            says=hints[parameter.name].__metadata__[0],
            required=parameter.default is parameter.empty,
            default=None if parameter.default is parameter.empty else parameter.default,
        )
        for parameter in signature
        if parameter.name not in ("engine", "watch")
    )
