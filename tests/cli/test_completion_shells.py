"""Real shells complete names out of hostile sources: after TAB and Enter nothing of them has run."""

import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from threadkeep.cli.main import main
from threadkeep.text.control_chars import is_plain_word

if sys.platform == "win32":
    pytest.skip("Windows has none of these shells", allow_module_level=True)

import pty

COMMAND = Path(sys.executable).with_name("threadkeep")
HOSTILE = (
    *("$(touch${IFS}OWNED)", "`touch${IFS}OWNED`", ";touch${IFS}OWNED;", "|touch${IFS}OWNED", "&touch${IFS}OWNED&"),
    *("\ntouch OWNED\n", ">OWNED", "'$(touch OWNED)'", '"$(touch OWNED)"', "\\\ntouch OWNED", "(touch OWNED)"),
    *("*", "?", "[a-z]", "{a,b}", "!!", "~", "=", "%", "^a^b", " --delete", "\t", "\r", "\x1b[31m", "\u2028", "\x85"),
    *("\u202e", "\u200b", "\u3164", "\ufe0f", "\u00a0", "\u3000", ",", "<(touch${IFS}OWNED)"),
)
SHELLS: dict[str, tuple[list[str], str]] = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], 'eval "$(_THREADKEEP_COMPLETE=bash_source threadkeep)"'),
    "zsh": (
        ["zsh", "-f", "-i"],
        'autoload -U compinit; compinit -D; eval "$(_THREADKEEP_COMPLETE=zsh_source threadkeep)"',
    ),
    "fish": (["fish", "--no-config", "-i"], "_THREADKEEP_COMPLETE=fish_source threadkeep | source"),
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive whose handles, tags, saved searches and names of sources begin harmlessly and go on as commands."""
    safe = {"type": "account", "platform": "x", "id": "1", "handle": "safe_mira", "name": "Mira"}
    accounts = [{**safe, "id": f"7{number}", "handle": f"evil{text}"} for number, text in enumerate(HOSTILE)]
    post = {"type": "post", "platform": "x", "id": "9", "author": "x:1", "text": "kiln"}
    tags = {"tags": ["harmless", *(f"bad{text}" for text in HOSTILE)]}
    lines = [json.dumps(record) for record in (safe, *accounts, {**post, **tags})]
    folder = tmp_path_factory.mktemp("hostile")
    source = folder / "odd$(touch${IFS}OWNED).jsonl"
    source.write_text("\n".join(lines), "utf-8")
    command = [sys.executable, "-m", "threadkeep", "--archive", str(folder / "archive"), "import", str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    searches = "".join(f"{json.dumps(f'evil{text}')} = 'kiln'\n" for text in HOSTILE if "\x7f" > text[0] >= " ")
    (folder / "archive" / "searches.toml").write_text('"--delete" = "a"\n' + searches, "utf-8")
    return folder / "archive"


@pytest.mark.parametrize("typed", ["from:evil", "@evil", "#bad", "tag:bad", "source:odd"])
def test_nothing_is_offered_that_a_shell_would_not_take_as_a_word(
    typed: str, hostile: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for shell, (words, place) in {"bash": ("\n", "2"), "zsh": ("\n", "2"), "fish": (" ", typed)}.items():
        monkeypatch.setenv("COMP_WORDS", words.join(("threadkeep", "search", typed)))
        monkeypatch.setenv("COMP_CWORD", place)
        monkeypatch.setenv("_THREADKEEP_COMPLETE", f"{shell}_complete")
        monkeypatch.setenv("THREADKEEP_ARCHIVE", str(hostile))
        with pytest.raises(SystemExit):
            main()
        assert capsys.readouterr().out.strip() == ""


def test_a_plain_word_is_of_letters_and_digits_of_any_script() -> None:
    for word in ("from:mira.example.com", "#кувшин", "@陶芸", "हिन्दी", "سلام", "a_b-c", "tag:é", "2024"):
        assert is_plain_word(word), word
    for text in HOSTILE:
        assert not is_plain_word(f"evil{text}"), text
    assert not any(map(is_plain_word, ("", "-rf", "--yes", "a" * 500)))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_after_tab_and_enter_nothing_runs(shell: str, hostile: Path, tmp_path: Path) -> None:
    if shutil.which(shell) is None or not COMMAND.exists():
        pytest.skip(f"{shell} is not here")
    home = tmp_path / "home"
    home.mkdir()
    with Terminal(shell, home, hostile) as terminal:
        terminal.type_line(SHELLS[shell][1])
        terminal.type_line("echo rea''dy")
        terminal.wait_for("ready")
        # What is harmless is completed: the shell does ask.
        terminal.type("threadkeep search from:safe\t")
        terminal.wait_for("safe_mira")
        terminal.type_line("")
        for number, typed in enumerate(("search from:evil", "search @evil", "search tag:bad", "review odd")):
            terminal.type(f"threadkeep {typed}\t\t")
            terminal.settle()
            terminal.type_line("")
            terminal.type_line(f"echo do''ne{number}")
            terminal.wait_for(f"done{number}")
        assert sorted(path.name for path in home.rglob("*OWNED*")) == []


class Terminal:
    """A shell on a pseudo terminal."""

    def __init__(self, shell: str, home: Path, archive: Path) -> None:
        path = f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}"
        environment = {"HOME": str(home), "PATH": path, "THREADKEEP_ARCHIVE": str(archive), "TERM": "dumb"}
        self._shown = b""
        self._pid, self._handle = pty.fork()
        if self._pid == 0:
            os.chdir(home)
            command = SHELLS[shell][0]
            os.execvpe(command[0], command, {**environment, "LANG": "C.UTF-8", "PS1": "> "})

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_error: object) -> None:
        os.close(self._handle)
        os.kill(self._pid, 9)
        os.waitpid(self._pid, 0)

    def type(self, text: str) -> None:
        os.write(self._handle, text.encode())

    def type_line(self, text: str) -> None:
        self.type(text + "\r")

    def wait_for(self, text: str) -> None:
        self._read_until(lambda: text.encode() in self._shown, 60.0)
        assert text.encode() in self._shown, self._shown.decode("utf-8", "replace")[-2000:]
        self._shown = b""

    def settle(self) -> None:
        """Wait for a completion to end: the shell is silent for a while."""
        quiet = [time.monotonic(), len(self._shown)]

        def is_quiet() -> bool:
            if len(self._shown) != quiet[1]:
                quiet[:] = time.monotonic(), len(self._shown)
            return time.monotonic() - quiet[0] > 1.5

        self._read_until(is_quiet, 20.0)

    def _read_until(self, is_done: Callable[[], bool], seconds: float) -> None:
        end = time.monotonic() + seconds
        while not is_done() and time.monotonic() < end:
            if select.select([self._handle], [], [], 0.1)[0]:
                try:
                    self._shown += os.read(self._handle, 65536)
                except OSError:
                    return
