"""Prints, after a run, which cells were red without which guard."""

from typing import Any


class GuardTable:
    @staticmethod
    def pytest_terminal_summary(terminalreporter: Any) -> None:
        lines = [
            str(value).split("\t")
            for report in terminalreporter.getreports("passed")
            for name, value in report.user_properties
            if name == "red"
        ]
        if not lines:
            return
        guards = list(dict.fromkeys(line[0] for line in lines))
        terminalreporter.section(f"{len(guards)} guards, each taken out: what was red then")
        for guard in guards:
            terminalreporter.write_line(guard)
            for line in lines:
                if line[0] == guard:
                    terminalreporter.write_line(f"    red: {line[1]}")
