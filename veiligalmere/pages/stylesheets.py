"""How the stylesheets are sent: many small files in the repository, one to the visitor.

`static/css/site.css` only names its parts with @import, so that with DEBUG a browser shows which
file a rule is in. `collectstatic` puts the parts in its place, so that a page costs one request.
"""

import re
from pathlib import Path

from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.base import ContentFile
from django.core.files.storage.memory import InMemoryStorage
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEET = "css/site.css"
IMPORT = re.compile(r'@import url\("(?P<name>[^"]+)"\);\n?')
DIGEST = re.compile(r"\.[0-9a-f]{12}\.")
# Ends the name of a file until all of it is there.
UNFINISHED = ".unfinished"
COMMENT = re.compile(r"\s*/\*.*?\*/", re.DOTALL)


def joined(read, name=SHEET):
    """Return the stylesheet `name` with its parts in place of its imports, without comments.

    `read` gives the text of a stylesheet by its name below the static root.
    """
    folder = name.rpartition("/")[0]
    text = COMMENT.sub("", read(name)).lstrip()
    return IMPORT.sub(lambda found: joined(read, f"{folder}/{found['name']}") + "\n", text)


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Static files under names with their content's hash, compressed, the stylesheet in one.

    A file with such a name that is there already is left alone: it would become the same, and
    visitors may be receiving it from the version that runs during an update. One that was broken
    off is replaced.
    """

    def delete(self, name):
        """Delete a file, unless its name has its content's hash."""
        if not DIGEST.search(name):
            super().delete(name)

    def create_compressor(self, **options):
        """Return what compresses files, and leaves those alone that it would make the same."""
        return _Compressor(**options)

    def _save(self, name, content):
        if not DIGEST.search(name):
            return super()._save(name, content)
        if not (self.exists(name) and self._holds(name, content)):
            super().delete(f"{name}{UNFINISHED}")
            saved = super()._save(f"{name}{UNFINISHED}", content)
            Path(self.path(saved)).replace(self.path(name))
        return name

    def _holds(self, name, content):
        content.seek(0)
        with self.open(name) as file:
            return file.read() == content.read()

    def post_process(self, paths, dry_run=False, **options):
        """Put the joined stylesheet in the place of the one with imports, then go on as usual."""
        if SHEET in paths and not dry_run:
            memory = InMemoryStorage()
            memory.save(SHEET, ContentFile(joined(lambda name: _text(paths, name)).encode()))
            self.delete(SHEET)
            self.save(SHEET, memory.open(SHEET))
            paths = {**paths, SHEET: (memory, SHEET)}
        if not dry_run:
            self._mend(paths)
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _mend(self, paths):
        """Replace what was broken off of the files that Django saves no more once they are there.

        Those are the ones in which it changes nothing: it saves the others each time.
        """
        for name, (storage, path) in paths.items():
            if not matches_patterns(path, self._patterns):
                with storage.open(path) as file:
                    hashed = self.hashed_name(name, file)
                    if self.exists(hashed):
                        self._save(hashed, file)


class _Compressor(Compressor):
    def write_data(self, path, data, suffix, stat_result):
        """Write a compressed file, unless it is there; return its name."""
        target = Path(f"{path}{suffix}")
        if not (target.exists() and target.read_bytes() == data):
            unfinished = super().write_data(path, data, f"{suffix}{UNFINISHED}", stat_result)
            Path(unfinished).replace(target)
        return str(target)


def _text(paths, name):
    storage, path = paths[name]
    with storage.open(path) as file:
        return file.read().decode()
