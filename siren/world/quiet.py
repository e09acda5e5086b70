"""C libraries that greet on the streams of the process, silent for a moment: one stream belongs to results, the other to people."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager


@contextmanager
def quiet() -> Iterator[None]:
    """Within, what C code writes to standard output and standard error is dropped. What was buffered before still comes out."""
    library = ctypes.CDLL(None)
    library.fflush(None)
    with ExitStack() as restored:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        restored.callback(os.close, nowhere)
        for stream in (1, 2):
            kept = os.dup(stream)
            restored.callback(os.close, kept)
            restored.callback(os.dup2, kept, stream)
            os.dup2(nowhere, stream)
        restored.callback(library.fflush, None)
        yield
