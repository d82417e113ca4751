"""`completion`: what a shell needs to complete commands, options and files."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "zsh", "fish")


@click.command(short_help="Print what makes a shell complete xlcnn's commands.")
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(ctx: click.Context, /, shell: str) -> None:
    """Print what makes SHELL complete xlcnn's commands and options.

    \b
    bash: add `eval "$(xlcnn completion bash)"` to ~/.bashrc
    zsh:  add `eval "$(xlcnn completion zsh)"` to ~/.zshrc, below compinit
    fish: xlcnn completion fish > ~/.config/fish/completions/xlcnn.fish
    """
    found = get_completion_class(shell)
    assert found is not None  # click has all three
    click.echo(found(ctx.find_root().command, {}, "xlcnn", "_XLCNN_COMPLETE").source())
