"""Evaluation in processes that the operating system can end: one graph, many evaluators.

``graph_process`` holds the store and forks an ``evaluator`` for each connection. ``forked_engine``
is the other side: it takes a warm evaluator from the ``pool``, within what ``admission`` allows.
``supervision`` keeps the long-lived processes alive. Linux only (docs/operating.md).
"""
