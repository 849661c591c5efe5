"""The experiments of docs/experiments.md and docs/choosing-tau.md: each a module, each with results that can be kept.

`make experiments` runs all of them against a service of their own, `make experiments RUN=sudoku` one; `make figures`
draws again from the results in docs/results.
"""
