"""Finds files again that lie elsewhere in the project than the .blend says."""

import os

from channel import fail, tell, warn
from project_index import ProjectIndex
from scene_files import scene_files


def find_missing_files(project):
    """Points the scene to files of the project by their names; warns of those that are not there. A library cannot be done without."""
    missing = [file for file in scene_files() if file.missing()]
    if not missing:
        return
    index = ProjectIndex(project)
    libraries = [file for file in missing if file.kind == "library"]
    if libraries:
        for file in libraries:
            _find(file, index)
        # Loading a library made new data-blocks, with files of their own.
        missing = [file for file in scene_files() if file.missing()]
        _stop_without([file for file in missing if file.kind == "library"])
    for file in missing:
        _find(file, index)
    for kind, path in sorted({(file.kind, file.path) for file in scene_files() if file.missing()}):
        warn("missing_file", 'The %s "%s" was not uploaded.' % (kind, path))


def _find(file, index):
    found = index.find(file.path)
    if found is None:
        return
    file.use(found)
    name = index.relative(found)
    tell("file_found", name=file.name, path=file.path, found=name)
    if os.path.basename(found) != os.path.basename(file.path.replace("\\", "/")):
        warn("missing_file_case", 'The %s "%s" is in the project as "%s"; that one is used.' % (file.kind, file.path, name))


def _stop_without(libraries):
    if libraries:
        paths = ", ".join('"%s"' % path for path in sorted({file.path for file in libraries}))
        fail("missing_files", "Linked libraries were not uploaded: %s. Add them to the project." % paths)
