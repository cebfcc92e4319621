"""What a job depends on, and how Snakemake compares it."""

from dataclasses import dataclass, field

from led.jobs import registry


@dataclass(frozen=True)
class Stage:
    """What a job depends on.

    Parameters
    ----------
    settings : dict
    sources : list of str
        Files that its script loads by name, as `led.jobs.provenance.digest` takes them.
    movable : bool
        Whether files of user's classes may lie in another folder: no result holds their paths.
    """

    settings: dict = field(default_factory=dict)
    sources: list = field(default_factory=list)
    movable: bool = True

    @property
    def compared(self):
        """Settings without the folders of ``file.py:Class``, whose content is in the digests.

        Of other files, ``path`` and ``sha256``, the latter alone is left.
        """
        return _without_folders(self.settings) if self.movable else self.settings


def ordered(value):
    """Return settings with the keys of all mappings in one order, as Snakemake compares texts."""
    if isinstance(value, dict):
        return {key: ordered(value[key]) for key in sorted(value)}
    return [ordered(entry) for entry in value] if isinstance(value, list) else value


def _without_folders(value):
    if isinstance(value, dict):
        if value.keys() == {"path", "sha256"}:
            return value["sha256"]
        found = {key: _without_folders(entry) for key, entry in value.items()}
        if isinstance(name := found.get("name"), str) and registry.is_file(name):
            path, class_name = registry.split(name)
            found["name"] = f"{path.name}:{class_name}"
        return found
    return [*map(_without_folders, value)] if isinstance(value, list) else value
