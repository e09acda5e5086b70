"""The benchmark: arms and a suite of trials become rows on file, rows become a result, a result becomes a table, a page and a text.

    arms, left_out = offer(given)
    setup = begun(folder, Setup(suite="quick", seed=0, arms=arms, ...))
    result = run(folder, setup, workers=2, heard=told)

`drive` holds these together; docs/bench.md tells what arms and suites there are.
"""
