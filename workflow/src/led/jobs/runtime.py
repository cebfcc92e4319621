"""What each job sets up first: its log, and how many threads compute."""

import os
import sys
import time
import traceback
import warnings
from pathlib import Path

import led


class ResultWarning(UserWarning):
    """A doubtful result: the log and the terminal show the warning."""


def export_source(source):
    """Let the jobs import led from the folder `source`, before any installed package of that name.

    They are processes of their own, so it goes into the environment.
    """
    os.environ["LED_SOURCE"] = str(source)
    paths = [str(source), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(filter(None, paths)))


def start(log):
    """Send all output of this process to the file `log`, also that of compiled libraries.

    A traceback ends up there too; a `ResultWarning` is shown on the terminal as well.

    Raises
    ------
    RuntimeError
        If another installed package named led hides the one of this checkout.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # TensorFlow's notes on its own build
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")  # not that of ~/.keras/keras.json
    path = Path(log)
    path.parent.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    sys.stderr.flush()
    terminal = os.dup(2)
    with open(path, "w") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    _tell_on(terminal, log)
    expected, found = Path(os.environ["LED_SOURCE"]) / "led", Path(led.__file__).parent
    if not found.samefile(expected):
        raise RuntimeError(
            f"led is imported from {found}, expected {expected}: uninstall the other"
        )


def _tell_on(terminal, log):
    """Show a `ResultWarning` on the terminal too, and an error that the log has no space for."""
    show = warnings.showwarning

    def show_also_on_terminal(message, category, *place, **options):
        show(message, category, *place, **options)
        if issubclass(category, ResultWarning):
            os.write(terminal, f"Warning: {message} ({log})\n".encode())

    def show_error(*error):
        text = "".join(traceback.format_exception(*error))
        try:
            print(text, file=sys.stderr, flush=True)
        except OSError:
            os.write(terminal, f"{text}({log} cannot be written)\n".encode())

    warnings.showwarning = show_also_on_terminal
    sys.excepthook = show_error


def use_keras(seed, threads):
    """Seed Keras, NumPy and Python, and compute with a fixed number of threads.

    With the same seed and number of threads the same weights come out. The sums in a matrix
    product are split by thread, so the number is part of the result. Returns the seed.
    """
    import keras
    import threadpoolctl

    threadpoolctl.threadpool_limits(threads)
    # ~/.keras/keras.json of some other project must not change the networks
    keras.config.set_floatx("float32")
    keras.config.set_epsilon(1e-7)
    keras.config.set_image_data_format("channels_last")
    keras.config.set_dtype_policy("float32")
    keras.utils.set_random_seed(seed)
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
        tf.config.experimental.enable_op_determinism()
    return seed


def progress(items, name, every=5.0):
    """Go through `items` and print how many are done and what time is left, not too often.

    Parameters
    ----------
    items : sized iterable
    name : str
        What an item is, e.g. ``"sample"``.
    every : float
        Seconds between two lines.
    """
    start = last = time.perf_counter()
    for done, item in enumerate(items):
        now = time.perf_counter()
        if done and now - last >= every:
            left = (now - start) / done * (len(items) - done)
            print(f"{name} {done} of {len(items)} done, {left:.0f} s left", flush=True)
            last = now
        yield item
    spent = time.perf_counter() - start
    print(f"{name} {len(items)} of {len(items)} done in {spent:.1f} s", flush=True)
