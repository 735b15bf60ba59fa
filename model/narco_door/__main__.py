"""``python -m narco_door`` is ``narco-door``."""

from narco_door.cli import app

if __name__ == "__main__":
    app(prog_name="narco-door")
