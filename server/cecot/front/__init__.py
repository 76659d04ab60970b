"""What clients talk to: an RSGI application with an answer cache in front of the Flask one.

``application`` is the RSGI module, ``answer_cache`` what it keeps ready, ``wsgi`` the call into
Flask, ``workers`` the threads in which that happens, ``serving`` the processes around it all.
"""
