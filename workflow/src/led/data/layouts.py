"""Files of users, opened in the form of ours; also those in the layouts of published datasets."""

from contextlib import ExitStack, contextmanager

from led.data import formats, pdebench, runs, the_well, units
from led.data.frames import frames_apart
from led.data.import_map import ImportMap
from led.jobs import files

LAYOUTS = {"pdebench": pdebench.opened, "the_well": the_well.opened}


@contextmanager
def opened(paths, options, header=False, quiet=False, used=()):
    """Open files as a list of `led.data.runs.Opened`: of most formats one for each file.

    Parameters
    ----------
    paths : sequence of str
    options : dict
        ``layout`` and ``group``, and what `led.data.import_map.ImportMap` takes.
    header : bool
        Read no values of formats that cannot be read in parts; report nothing.
    quiet : bool
        Report nothing.
    used : sequence of str
        Variables that are inputs of an experiment.

    Raises
    ------
    led.jobs.files.FileError
    """
    layout, group = options.get("layout"), options.get("group")
    chosen = {key: options.get(key) for key in ("variables", "dims", "time", "dt")}
    mapping = ImportMap(**chosen)
    with ExitStack() as stack:
        found = []
        for path in paths:
            if layout:
                parts = stack.enter_context(LAYOUTS[layout](path))
            else:
                times = mapping.times_of_table()
                opening = formats.opened(path, group, times, header)
                parts = [stack.enter_context(opening)]
            for stored in parts:
                silent = header or quiet or bool(found)
                mapped = mapping.apply(path, stored, silent)
                found.append(runs.of(str(path), *mapped, silent, used))
                if len(found) > 1:
                    check_same(path, found[-1].header, found[0].path, found[0].header)
        yield found


def check_same(path, dataset, reference, first):
    """Raise a `led.jobs.files.FileError` unless two opened files have the same points and names.

    Series may differ in length, and have a step that is a whole fraction of that of the first.
    """
    state, other = dataset["state"], first["state"]
    if state.dims != other.dims:
        raise files.FileError(
            f"{path}: found the dimensions {state.dims}, expected {other.dims} as in {reference}"
        )
    try:
        frames_apart(*(float(time[1] - time[0]) for time in (state["time"], other["time"])))
    except ValueError as error:
        raise files.FileError(f"{path}: {error}") from error
    try:
        units.check_time(units.unit_of(state["time"]), units.unit_of(other["time"]))
        units.check_states(units.units_of(state), units.units_of(other))
    except ValueError as error:
        raise files.FileError(f"{path}: {error} as in {reference}") from error
    for name in state.dims[2:]:
        if state.sizes[name] != other.sizes[name]:
            raise files.FileError(
                f"{path}: found {state.sizes[name]} points along {name}, expected "
                f"{other.sizes[name]} as in {reference}"
            )
        if not state[name].equals(other[name]):
            raise files.FileError(f"{path}: {name} has other values than in {reference}")
