"""The Windows package: a folder with a Python of its own that a user unpacks and starts, without admin rights.

Made on any system from three things: a Python for Windows that whoever makes the release downloads once (the
*install_only* archive of python-build-standalone has tkinter, python.org's embeddable zip has not), the wheels that
``requirements-run.lock`` names, and the program's own files. ``SHA256SUMS.txt`` lists every file; 安装.cmd compares
them before anything is copied, and puts the new version in the old one's place or leaves that as it was.
"""
