"""Does a value fit a JSON Schema? What openapi.json uses of JSON Schema 2020-12; any other keyword is an error."""

import re
import uuid
from datetime import datetime

TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}


class Mismatch(AssertionError):
    pass


def validate(value, schema, resolve, where="$"):
    """Raises Mismatch unless `value` fits. `resolve` gives the schema that a $ref names."""
    for keyword, argument in schema.items():
        match keyword:
            case "description":
                pass
            case "$ref":
                validate(value, resolve(argument), resolve, where)
            case "anyOf":
                check_any_of(value, argument, resolve, where)
            case "properties":
                for name in argument.keys() & value.keys() if isinstance(value, dict) else ():
                    validate(value[name], argument[name], resolve, f"{where}.{name}")
            case "additionalProperties":
                unknown = value.keys() - schema["properties"].keys()
                demand(argument is False and not unknown, where, f"has {sorted(unknown)} besides")
            case "items":
                for index, item in enumerate(value):
                    validate(item, argument, resolve, f"{where}[{index}]")
            case _:
                holds, text = SIMPLE[keyword](value, argument)
                demand(holds, where, f"{value!r} {text}")


def demand(holds, where, text):
    if not holds:
        raise Mismatch(f"{where}: {text}")


def check_any_of(value, schemas, resolve, where):
    problems = []
    for schema in schemas:
        try:
            return validate(value, schema, resolve, where)
        except Mismatch as problem:
            problems.append(str(problem))
    raise Mismatch("; ".join(problems))


def has_type(value, names):
    names = [names] if isinstance(names, str) else names
    return any(isinstance(value, TYPES[name]) and not (name == "integer" and value is True) for name in names)


def has_format(value, name):
    try:
        FORMATS[name](value)
    except ValueError:
        return False
    return True


def rfc3339(text):
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", text):
        raise ValueError(text)
    whole, fraction, zone = re.fullmatch(r"([^.Z+]*?)(\.\d+)?(Z|[+-]\d\d:\d\d)", text).groups()
    fraction = (fraction or ".0").ljust(7, "0")
    return datetime.fromisoformat(whole + fraction + zone.replace("Z", "+00:00"))


FORMATS = {"uuid": uuid.UUID, "date-time": rfc3339, "email": str, "password": str}
SIMPLE = {
    "type": lambda value, names: (has_type(value, names), f"is not of type {names}"),
    "const": lambda value, constant: (value == constant, f"is not {constant!r}"),
    "enum": lambda value, choices: (value in choices, f"is none of {choices}"),
    "minimum": lambda value, least: (value >= least, f"is less than {least}"),
    "maxLength": lambda value, most: (len(value) <= most, f"is longer than {most}"),
    "pattern": lambda value, pattern: (re.search(pattern, value), f"does not match {pattern}"),
    "format": lambda value, name: (has_format(value, name), f"is not a {name}"),
    "required": lambda value, names: (value.keys() >= set(names), f"lacks one of {names}"),
}
