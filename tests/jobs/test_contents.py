"""Digests of files: each change of a file is seen, and nothing else, from run to run."""

import hashlib
import os
import shutil
from pathlib import Path

import pytest

from led.jobs import contents
from led.jobs.files import FileError


@pytest.fixture(autouse=True)
def fresh(monkeypatch, tmp_path):
    """No memory of this process, and files that count as old enough at once."""
    monkeypatch.setattr(contents, "_known", {})
    monkeypatch.setattr(contents, "SETTLED", -10.0)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def reads(monkeypatch):
    """The files that are read through."""
    found, digest = [], hashlib.file_digest

    def noted(file, name):
        found.append(Path(file.name))
        return digest(file, name)

    monkeypatch.setattr(hashlib, "file_digest", noted)
    return found


def test_a_file_is_read_once_from_run_to_run(tmp_path, reads, monkeypatch):
    path = tmp_path / "data.nc"
    path.write_bytes(b"first")
    expected = hashlib.sha256(b"first").hexdigest()
    for _ in range(2):
        monkeypatch.setattr(contents, "_known", {})  # another run
        assert [contents.digest(path) for _ in range(2)] == [expected] * 2
    assert reads == [path]


def test_a_copy_with_the_size_and_time_of_the_first_is_seen(tmp_path):
    path, other = tmp_path / "data.nc", tmp_path / "other.nc"
    path.write_bytes(b"first")
    other.write_bytes(b"other")
    os.utime(path, ns=(10**18, 10**18))
    os.utime(other, ns=(10**18, 10**18))
    before = contents.digest(path)
    shutil.copy2(other, path)  # in place, with its time, as cp -p
    assert path.stat().st_mtime_ns == 10**18
    assert contents.digest(path) == hashlib.sha256(b"other").hexdigest() != before


def test_a_time_alone_changes_nothing(tmp_path):
    path = tmp_path / "data.nc"
    path.write_bytes(bytes(2 * 10**6))
    before = contents.digest(path)
    os.utime(path)
    assert contents.digest(path) == before


def test_a_file_that_is_still_written_is_not_remembered(tmp_path, reads, monkeypatch):
    monkeypatch.setattr(contents, "SETTLED", 2.0)
    path = tmp_path / "data.nc"
    path.write_bytes(b"first")
    contents.digest(path)
    contents.digest(path)
    assert len(reads) == 2


@pytest.mark.parametrize("damage", ["", "{", "[1]", '{"data.nc": 3}', "[" * 10**5, b"\xff"])
def test_a_damaged_memory_is_not_believed(tmp_path, damage, monkeypatch):
    path = tmp_path / "data.nc"
    path.write_bytes(b"first")
    contents.CACHE.parent.mkdir()
    contents.CACHE.write_bytes(damage if isinstance(damage, bytes) else damage.encode())
    for _ in range(2):
        monkeypatch.setattr(contents, "_known", {})
        assert contents.digest(path) == hashlib.sha256(b"first").hexdigest()


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path):
    (tmp_path / "data.nc").write_bytes(b"first")
    (tmp_path / ".snakemake").write_text("a file")
    assert contents.digest("data.nc") == hashlib.sha256(b"first").hexdigest()


def test_a_file_that_has_changed_is_named(tmp_path):
    (tmp_path / "data.nc").write_bytes(b"first")
    planned = contents.digest("data.nc")
    contents.check("data.nc", planned)
    (tmp_path / "data.nc").write_bytes(b"later")
    with pytest.raises(FileError, match=r"data\.nc: changed since .* run the same command again"):
        contents.check("data.nc", planned)
