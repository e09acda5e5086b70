"""A session on a Ray that is joined: two nodes, one policy for all workers, and a node that dies."""

import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from days import SIZE, keys, siren, wait_for_episodes

from benchmarks.ray_nodes import RayNodes


@pytest.fixture(scope="module")
def nodes() -> Iterator[RayNodes]:
    nodes = RayNodes(cpus=2, gpus=1)  # the GPU is only claimed: the policy is served by a core
    yield nodes
    nodes.stop()


def join(home: Path, nodes: RayNodes, *words: str) -> subprocess.Popen[str]:
    command = siren("learn", "day", *SIZE, "--workers", "2", "--address", nodes.address, *words, home=home)
    return subprocess.Popen(
        command, env=nodes.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


@pytest.mark.slow
def test_one_policy_for_all_workers_gives_the_same_record(
    tmp_path: Path, nodes: RayNodes, undisturbed_day: Counter[tuple[object, ...]]
) -> None:
    running = join(tmp_path, nodes, "--gpus", "1")
    _, err = running.communicate(timeout=280)
    assert running.returncode == 0, err
    assert keys(tmp_path) == undisturbed_day


@pytest.mark.slow
def test_a_node_that_dies_takes_nothing_with_it(tmp_path: Path, nodes: RayNodes, undisturbed_day: Counter[tuple[object, ...]]) -> None:
    running = join(tmp_path, nodes)
    wait_for_episodes(tmp_path, 1, running)
    nodes.kill_second()
    _, err = running.communicate(timeout=280)
    assert running.returncode == 0, err
    assert keys(tmp_path) == undisturbed_day


@pytest.mark.slow
def test_more_gpus_than_there_are_is_said_so(tmp_path: Path, nodes: RayNodes) -> None:
    running = join(tmp_path, nodes, "--gpus", "3")
    _, err = running.communicate(timeout=280)
    assert running.returncode == 2
    assert "expected 3 GPUs for the shared policy, got 1" in " ".join(err.split())
