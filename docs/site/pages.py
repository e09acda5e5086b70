"""Pages that are made while the site is built: MkDocs calls this file, the folder's other files say what stands on each page.

So what the program itself knows (commands, predicates, options) is never copied by hand, and a file of the root is a page as it is.
"""

from pathlib import Path

from command_page import command_page
from configuration_page import configuration_page
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from vocabulary_page import vocabulary_page

ROOT = Path(__file__).parents[2]
MADE = {
    "reference/commands.md": command_page,
    "reference/configuration.md": configuration_page,
    "reference/vocabulary.md": lambda: vocabulary_page(ROOT / "rules"),
}
# Pages whose text stands elsewhere in the repository, with links that lead to the same place from here.
COPIED = {
    "project/contributing.md": ("CONTRIBUTING.md", {}),
    "project/changes.md": ("CHANGELOG.md", {}),
    "reference/model-card.md": ("checkpoints/siren-tiny/README.md", {"../../docs/tasks.md": "../tasks.md"}),
}
LAST_WORDS = "Explanation"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Pages of docs/ that mkdocs.yml does not name stand at the end of Explanation, so that none is out of reach."""
    named = set(_pages(config.nav or []))
    new = sorted(path.name for path in Path(config.docs_dir).glob("*.md") if path.name not in named)
    for section in config.nav or []:
        if LAST_WORDS in section:
            section[LAST_WORDS].extend(new)
    return config


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add what is made and what is copied."""
    for path, make in MADE.items():
        files.append(File.generated(config, path, content=make()))
    for path, (source, links) in COPIED.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        for there, here in links.items():
            text = text.replace(f"]({there})", f"]({here})")
        files.append(File.generated(config, path, content=text))
    return files


def _pages(nav: list[object]) -> list[str]:
    """Every page that a navigation names, at any depth."""
    found: list[str] = []
    for entry in nav:
        under = list(entry.values())[0] if isinstance(entry, dict) else entry
        found += [under] if isinstance(under, str) else _pages(under)
    return found
