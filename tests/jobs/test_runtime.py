"""Logs and progress of jobs."""

import json
import os
import subprocess
import sys

import pytest

from led.jobs import runtime

SOURCE = runtime.Path(runtime.__file__).parents[2]


def job(code, log, source=SOURCE):
    environment = os.environ | {"LED_SOURCE": str(source), "PYTHONPATH": str(SOURCE)}
    program = f"from led.jobs import runtime\nruntime.start({str(log)!r})\n{code}"
    return subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True
    )


def test_everything_a_job_says_is_in_its_log(tmp_path):
    code = (
        "import os\nprint('printed')\nos.write(2, b'compiled\\n')\nos.system('echo child')\n1 / 0"
    )
    done = job(code, tmp_path / "logs" / "job.log")
    assert done.returncode == 1
    assert (done.stdout, done.stderr) == ("", "")
    log = (tmp_path / "logs" / "job.log").read_text()
    for part in ("printed", "compiled", "child", "Traceback", "ZeroDivisionError"):
        assert part in log


def test_led_of_another_checkout_is_refused(tmp_path):
    (tmp_path / "led").mkdir()
    done = job("print('went on')", tmp_path / "job.log", source=tmp_path)
    assert done.returncode == 1
    log = (tmp_path / "job.log").read_text()
    assert "led is imported from" in log
    assert "went on" not in log


def test_the_source_comes_first_on_the_path(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/other")
    monkeypatch.setenv("LED_SOURCE", "")
    for _ in range(2):
        runtime.export_source(SOURCE)
        assert os.environ["PYTHONPATH"] == f"{SOURCE}{os.pathsep}/other"


def test_progress_reports_what_is_done_and_what_is_left(monkeypatch, capsys):
    clock = iter([0, *range(0, 50, 2), 100])
    monkeypatch.setattr(runtime.time, "perf_counter", lambda: next(clock))
    assert list(runtime.progress(range(5), "sample")) == [0, 1, 2, 3, 4]
    assert capsys.readouterr().out.splitlines() == [
        "sample 3 of 5 done, 4 s left",
        "sample 5 of 5 done in 10.0 s",
    ]


@pytest.mark.parametrize("count", [0, 1])
def test_progress_of_little(count, capsys):
    assert list(runtime.progress(range(count), "batch")) == list(range(count))
    assert f"batch {count} of {count} done" in capsys.readouterr().out


def test_a_doubtful_result_warns_on_the_terminal_too(tmp_path):
    code = (
        "import warnings\nwarnings.warn('of a library')\n"
        "warnings.warn('the loss is nan', runtime.ResultWarning)"
    )
    log = tmp_path / "job.log"
    done = job(code, log)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"Warning: the loss is nan ({log})\n"
    for part in ("of a library", "ResultWarning: the loss is nan"):
        assert part in log.read_text()


def test_a_configuration_of_keras_that_lies_about_changes_no_network(tmp_path, monkeypatch):
    """As ~/.keras/keras.json of another project may do: another backend, precision and layout."""
    other = {"backend": "jax", "floatx": "float64", "epsilon": 0.1}
    other["image_data_format"] = "channels_first"
    (tmp_path / "keras.json").write_text(json.dumps(other))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    code = (
        "runtime.use_keras(3, 1)\nimport keras\n"
        "layer = keras.layers.Conv2D(2, 3)\nlayer.build((None, 8, 8, 5))\n"
        "print(keras.backend.backend(), layer.kernel.dtype, layer.kernel.shape,"
        " keras.config.epsilon(), layer.dtype_policy.name)"
    )
    log = tmp_path / "job.log"
    assert job(code, log).returncode == 0
    found = log.read_text().splitlines()[-1]
    assert found == "tensorflow float32 (3, 3, 5, 2) 1e-07 float32"
