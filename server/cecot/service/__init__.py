"""The service: a front that talks to clients, and evaluators that the operating system can end.

``connections`` speak HTTP in one event loop, in which the ``front`` answers, within what the
``scheduler`` allows, from whatever engine stands behind ``engines``. ``graph_process`` holds the
store and forks an ``evaluator`` for each connection of the ``forked_engine``. ``supervisor`` keeps
the long-lived processes alive. Linux only (docs/operating.md).
"""
