"""Breaks each constraint of an operation's input, one at a time: required, length, range, enumeration, pattern, number of members.

From a valid input, each case answers the same input with one thing wrong, and what the fault must say about it.
"""
import re
from dataclasses import dataclass

from answer_check import matches

# Texts, one of which hardly any pattern takes.
STRANGE = ("!", "é", "a b!", "\u0000", "aws:x", " ", "-", "/", "x" * 12 + "!", "x" * 40 + "!", "\n", "\n\n", "?" * 24)
TEXT_MAX = 120_000
ITEMS_MAX = 2_000

# Constraints of the model that are not held, and why. The real service has most of these as quotas; ours are lifted unless `--strict`.
NOT_HELD = {
    ("apprunner", "ImageIdentifier", "pattern"): "any registry may be named by its host",
    ("apprunner", "MaxConcurrency", "max"): "lifted: a quota",
    ("apprunner", "ASConfigMaxConcurrency", "max"): "lifted: a quota",
    ("apprunner", "ASConfigMinSize", "max"): "lifted: a quota",
}


@dataclass
class Broken:
    """A valid input with one thing wrong."""

    what: str
    members: dict
    path: str
    phrase: str


def cases(service, shape, members):
    """Every way to break `members` once."""
    if shape is None:
        return
    for what, value, path, phrase in broken(service, shape, members, ""):
        yield Broken(f"{path}: {what}", value, path, phrase)


def broken(service, shape, value, path):
    kind = shape.type_name
    if kind == "structure":
        yield from broken_structure(service, shape, value, path)
    elif kind == "list":
        yield from broken_list(service, shape, value, path)
    elif kind == "map":
        yield from broken_map(service, shape, value, path)
    elif kind == "string":
        yield from broken_text(service, shape, value, path)
    elif kind == "blob":
        yield from broken_blob(shape, path)
    elif kind in ("integer", "long", "float", "double"):
        yield from broken_number(service, shape, path)


def broken_structure(service, shape, value, path):
    for name, member in shape.members.items():
        if name not in value:
            continue
        at = f"{path}.{camel(name)}" if path else camel(name)
        if name in shape.required_members:
            yield "left out", {k: v for k, v in value.items() if k != name}, at, "Member must not be null"
        for what, inner, where, phrase in broken(service, member, value[name], at):
            yield what, {**value, name: inner}, where, phrase


def broken_list(service, shape, value, path):
    least, most = shape.metadata.get("min", 0), shape.metadata.get("max")
    # The query protocol cannot say that a list is there and empty.
    if least and service not in ("iam", "sts"):
        yield f"{least - 1} items", value[: least - 1], path, f"Member must have length greater than or equal to {least}"
    if most and most <= ITEMS_MAX and value:
        yield f"{most + 1} items", (value * (most + 1))[: most + 1], path, f"Member must have length less than or equal to {most}"
    if value:
        for what, inner, where, phrase in broken(service, shape.member, value[0], f"{path}.1.member"):
            yield what, [inner, *value[1:]], where, phrase


def broken_map(service, shape, value, path):
    # Keys and values of maps are sensitive or shown in one line with all others: where they stand is told, not which.
    for key, inner in list(value.items())[:1]:
        for what, wrong, _, phrase in broken(service, shape.key, key, path):
            yield f"key {what}", {wrong: inner}, path, phrase
        for what, wrong, _, phrase in broken(service, shape.value, inner, path):
            yield f"value {what}", {key: wrong}, path, phrase


def broken_blob(shape, path):
    least, most = shape.metadata.get("min", 0), shape.metadata.get("max")
    if least:
        yield "too short", b"a" * (least - 1), path, f"Member must have length greater than or equal to {least}"
    if most is not None and most < TEXT_MAX:
        yield "too long", b"a" * (most + 1), path, f"Member must have length less than or equal to {most}"


def broken_text(service, shape, value, path):
    if shape.enum:
        if (service, shape.name, "enum") not in NOT_HELD:
            yield "no such value", "NO_SUCH_VALUE", path, f"Member must satisfy enum value set: [{', '.join(shape.enum)}]"
        return
    least, most, pattern = shape.metadata.get("min", 0), shape.metadata.get("max"), shape.metadata.get("pattern")
    if least:
        yield "too short", "a" * (least - 1), path, f"Member must have length greater than or equal to {least}"
    if most is not None and most < TEXT_MAX:
        yield "too long", "a" * (most + 1), path, f"Member must have length less than or equal to {most}"
    if pattern and (service, shape.name, "pattern") not in NOT_HELD:
        for text in strange(value, least, most):
            if not matches(pattern, text):
                yield f"no match: {text[:20]!r}", text, path, f"Member must satisfy regular expression pattern: {pattern}"
                break


def strange(value, least, most):
    """Texts of a length that is fine, so that the pattern alone is broken; NUL cannot be written in XML and is left to last."""
    fitting = [text for text in (f"{value}!", f"{value}\n", f"!{value}", *STRANGE) if least <= len(text) and (most is None or len(text) <= most)]
    return sorted(fitting, key=lambda text: "\u0000" in text)


def broken_number(service, shape, path):
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and (service, shape.name, "min") not in NOT_HELD:
        yield f"{least - 1}", least - 1, path, f"Member must have value greater than or equal to {least}"
    if most is not None and (service, shape.name, "max") not in NOT_HELD:
        yield f"{most + 1}", most + 1, path, f"Member must have value less than or equal to {most}"


def camel(name):
    """`ServiceArn` as App Runner writes it in a path: `serviceArn`; names in capitals only keep their last one before a word (`EnableWWWSubdomain`)."""
    return name[:1].lower() + name[1:]


def names_it(words, path, phrase):
    """Whether App Runner's sentence says that this constraint is broken there."""
    count = re.match(r"(\d+) validation errors? detected: ", words)
    return bool(count) and f"at '{path}' failed to satisfy constraint: " in words and phrase in words
