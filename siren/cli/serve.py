"""`siren serve`: sessions, episodes, decisions and rules in a browser."""

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from siren.cli.options import Home
from siren.cli.output import notice, result


def serve(
    sample: Annotated[bool, typer.Option("--sample", help="Show the recorded sample; changes are lost when the server stops")] = False,
    read_only: Annotated[bool, typer.Option("--read-only", help="Nothing can be edited")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any free one")] = 8321,
    host: Annotated[str, typer.Option(help="Address to listen on; anything but loopback asks for a token")] = "127.0.0.1",
    token: Annotated[str, typer.Option(help="Token to ask for [default: a new one]", show_default=False)] = "",
    name: Annotated[
        list[str] | None, typer.Option(help="Further host name under which the pages may be asked for", show_default=False)
    ] = None,
    home: Home = None,
) -> None:
    """Look at what is on record, ask about it, edit rules and see what that would have changed. Needs the extra `web`.

    [bold]Examples[/bold]: siren serve --sample · siren serve --home .siren --read-only · siren serve --host 0.0.0.0 --name robot.local
    """
    from siren.core.errors import SessionError

    try:
        import siren.web.server  # noqa: F401
    except ModuleNotFoundError as error:
        raise SessionError(f"expected the extra 'web', but {error.name} is not installed; pip install --editable '.[web]'") from error
    with ExitStack() as stack:
        where = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="siren-sample-"))) if sample else _home(home)
        _serve(where, sample, read_only, host, port, token, tuple(name or ()))


def _home(option: Path | None) -> Path:
    from siren.config import home as home_folder

    return home_folder(option)


def _serve(home: Path, sample: bool, read_only: bool, host: str, port: int, token: str, names: tuple[str, ...]) -> None:
    from pydantic import ValidationError

    from siren.core.errors import SessionError
    from siren.web.sample import lay_out_sample
    from siren.web.server import serve as run_server
    from siren.web.settings import WebSettings, new_token

    try:
        settings = WebSettings(home=home, host=host, port=port, read_only=read_only, sample=sample, token=token, names=names)
    except ValidationError as error:
        if token:
            raise SessionError(f"{error.errors()[0]['msg'].removeprefix('Value error, ')}; leave --token out for a new one") from error
        settings = WebSettings(home=home, host=host, port=port, read_only=read_only, sample=sample, token=new_token(), names=names)
    if sample:
        lay_out_sample(home)

    def announce(address: str) -> None:
        what = "the recorded sample" if sample else f"{home}"
        notice.print(f"serving {what}{' (read only)' if read_only else ''}; stop with Ctrl-C", soft_wrap=True)
        result.print(address)

    run_server(settings, announce)
