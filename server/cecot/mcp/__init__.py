"""What a language model is told of the graph: as plain values, and the same in words.

No protocol is known here: ``cecot.mcp.server`` puts the tools on the Model Context Protocol. A
statement never comes without its status, its speakers and its places.
"""
