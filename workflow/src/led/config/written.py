"""What is wrong with the text of a configuration, which YAML would pass over without a word."""

from pathlib import Path

import yaml

from led.config.messages import ConfigError


def check(path):
    """Raise a `ConfigError` if a file is not UTF-8, has a key twice, or an anchor in itself.

    What is no YAML at all, or is not there, is left to whoever reads it.
    """
    if not Path(path).is_file():
        return
    try:
        text = Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"{path}: found bytes that are not UTF-8 ({error.reason} at byte {error.start}), "
            "expected a file that is saved as UTF-8"
        ) from None
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return
    if messages := list(_faults(node, "the top level", ())):
        raise ConfigError("\n".join(f"{path}: {message}" for message in messages))


def _faults(node, place, above):
    if node in above:
        yield f"found an anchor at {place} that holds itself, expected a section that ends"
    elif isinstance(node, yaml.MappingNode):
        lines = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value in lines:
                yield (
                    f"found the key {key.value!r} of {place} in the lines {lines[key.value]} and "
                    f"{line}, expected it once: the first would be ignored"
                )
            if isinstance(key, yaml.ScalarNode):
                lines[key.value] = line
                within = f"{place}.{key.value}".removeprefix("the top level.")
                yield from _faults(value, within, (*above, node))
    elif isinstance(node, yaml.SequenceNode):
        for number, entry in enumerate(node.value):
            yield from _faults(entry, f"{place}.{number}", (*above, node))
