"""Owns the help of commands that are processes: it ends with the settings that the process reads."""

from typing import Any

from typer.core import TyperCommand


def by(process: str) -> type[TyperCommand]:
    """Return the command class of a process; its settings are looked up when somebody asks for help."""

    class Settled(TyperCommand):
        @property
        def epilog(self) -> str:
            from deploy.settings_page import lines

            return "Settings, from the environment:\n\n" + "\n\n".join(lines(process))

        @epilog.setter
        def epilog(self, _: Any) -> None:
            return None

    return Settled
