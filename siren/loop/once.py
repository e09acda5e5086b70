"""A training as an answer that is given once: the news lies beside the weights, and whoever asks again hears it again."""

from collections.abc import Callable
from pathlib import Path

from siren.loop.jobs import TrainingNews


def once(weights: Path, train: Callable[[], TrainingNews]) -> TrainingNews:
    """What `train` said when it was first called for this folder of weights."""
    note = weights.with_name(f"{weights.name}.json")
    if note.is_file():
        return TrainingNews.model_validate_json(note.read_text())
    news = train()
    note.parent.mkdir(parents=True, exist_ok=True)
    aside = note.with_name(f"{note.name}.new")
    aside.write_text(news.model_dump_json())
    aside.replace(note)
    return news
