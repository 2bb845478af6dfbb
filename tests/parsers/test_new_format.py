"""A format is one new file and its sample: in a copy of the project nothing else is edited, and every check passes."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent.parent
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", ".hypothesis", "dist")
CHECKS = ("tests/parsers/test_seeds.py", "tests/test_architecture.py", "tests/test_docs.py")
SELECTED = "not (examples_print or example_script or gives_the_records) or example.jsonl"
"""All but the slow ones, which would say nothing new."""


def run(copy: Path, *arguments: str, **environment: str) -> None:
    """Run Python in the copy, on the copy's own threadkeep."""
    result = subprocess.run(
        [sys.executable, *arguments],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": str(copy)} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert result.returncode == 0, result.stdout


@pytest.mark.slow
def test_a_format_is_one_new_file_and_its_sample(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(PROJECT, copy, ignore=LEFT_OUT)
    [code] = re.findall(r"^```python\n(.*?)^```$", (PROJECT / "docs/add-a-parser.md").read_text("utf-8"), re.M | re.S)
    (copy / "threadkeep/parsers/generic/example.py").write_text(code, encoding="utf-8")
    sample = copy / "seeds/example/example.jsonl"
    sample.parent.mkdir()
    sample.write_text(re.findall(r"^ *(\{.*\})$", code, re.M)[0] + "\n", encoding="utf-8")

    expected = sample.with_name("example.jsonl.expected.jsonl")
    expected.write_text("", encoding="utf-8")
    run(copy, "-m", "pytest", "-q", CHECKS[0], "-k", "gives and example.jsonl", UPDATE_EXPECTED="1")
    records = [json.loads(line) for line in expected.read_text("utf-8").splitlines()]
    assert [record["type"] for record in records] == ["account", "post"]
    assert records[1]["text"] == "Frost again."

    run(copy, "docs/write_formats.py")
    assert "| `example` | Example export | Example exports: one JSON object a line |" in (
        copy / "docs/formats.md"
    ).read_text("utf-8")
    run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", *CHECKS, "-k", SELECTED)
