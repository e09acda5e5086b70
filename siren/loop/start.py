"""A configuration, or the name of an old session, becomes a session that is ready to run."""

import os
import secrets
import shutil
from datetime import datetime
from pathlib import Path

from siren import build
from siren.config import SessionConfig, database, shipped_rules
from siren.core.errors import SessionError
from siren.loop.learner import Learner
from siren.loop.miner import Miner
from siren.loop.placement import LocalPlacement, Placement, Teacher
from siren.loop.reinforcer import Reinforcer
from siren.loop.rollout import Rollout
from siren.memory.store import Store


def new_session(config: SessionConfig, home: Path, store: Store) -> SessionConfig:
    """Give the session a name, its own copy of the rules, and its row in the record."""
    if config.overlap and config.learner == "rl":
        raise SessionError("--overlap is for --learner siren: rewards teach only the weights that earned them; leave one of the two out")
    weights = build.checkpoint(config.checkpoint)
    family = build.family(weights)
    if (config.train or config.learner == "rl") and family != "siren":
        teach = "siren tune" if family == "stock" else f"siren train --model {family}"
        raise SessionError(
            f"a session fine-tunes SIREN's own vision-language models only, and {config.checkpoint} is of the family '{family}';"
            f" run it with --no-train, and teach it with: {teach}"
        )
    seen = build.sight(weights, config.perception if "perception" in config.model_fields_set else None)
    named = config.model_copy(update={"name": config.name or datetime.now().strftime("%Y%m%d-%H%M%S"), "perception": seen})
    folder = home / "sessions" / named.name
    if folder.exists():
        raise SessionError(f"session '{named.name}' exists already in {home}; go on with it by --resume, or choose another name")
    aside = folder.with_name(f".{named.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        shutil.copytree(shipped_rules(), aside / "rules")
    except OSError as error:  # what the copy could not do is a list of files in its words
        shutil.rmtree(aside, ignore_errors=True)
        reason = error.strerror or str(error.args[0][0][2] if isinstance(error, shutil.Error) else error)
        raise SessionError(f"session '{named.name}' cannot be begun in {home}: {reason}; make room, or choose another --home") from error
    store.new_session(named.name, named.model_dump_json())
    aside.rename(folder)
    return named


def old_session(name: str, home: Path, store: Store) -> SessionConfig:
    """The configuration that a session was begun with. No name means the newest one."""
    record = store.session(name) if name else store.newest_session()
    if record is None:
        raise SessionError(f"there is no session to resume in {home}; begin one with: siren learn")
    config = SessionConfig.model_validate_json(record.config)
    folder = home / "sessions" / config.name
    if not folder.exists() and store.last_committed_round(config.name) is not None:
        raise SessionError(f"session '{config.name}' is on record, but not its rules in {folder}; name the --home it was begun with")
    if not folder.exists():  # killed between the record and the folder
        shutil.copytree(shipped_rules(), folder / "rules")
    return config


def place(config: SessionConfig, home: Path, url: str = "") -> Placement:
    """The parts in this process (workers=0) or as Ray actors. `url`: of the database, when it is not the file in the home."""
    home = home.resolve()
    where = database(url, home)
    if config.workers == 0 and (config.gpus or config.address != "local"):
        raise SessionError("--gpus and --address are for sessions on Ray, and --workers 0 runs everything in this process; add --workers 2")
    if config.workers == 0:
        rollout, learner = Rollout(str(home), config.candidates), teacher(config)(str(home), where, config.model_dump_json())
        return LocalPlacement(rollout, Miner(where), learner)
    close_to_strangers(config.address)
    from siren.loop.ray_placement import RayPlacement

    return RayPlacement(config, str(home), where, teacher(config))


def teacher(config: SessionConfig) -> type[Teacher]:
    """Who makes new weights of what was practised."""
    return Reinforcer if config.learner == "rl" else Learner


def close_to_strangers(address: str = "local") -> None:
    """Give the Ray of this run a token that nobody else has. Ray reads it while it is imported, so this comes first.

    A Ray that is joined has a token already: it comes from the environment (RAY_AUTH_TOKEN or RAY_AUTH_TOKEN_PATH).
    """
    os.environ["RAY_AUTH_MODE"] = "token"
    if address == "local":
        os.environ["RAY_AUTH_TOKEN"] = secrets.token_hex(32)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
