"""How the stylesheets are sent: many small files in the repository, one to the visitor.

`static/css/site.css` only names its parts with @import, so that with DEBUG a browser shows which
file a rule is in. `collectstatic` puts the parts in its place, so that a page costs one request.
"""

import re

from django.core.files.base import ContentFile
from django.core.files.storage.memory import InMemoryStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEET = "css/site.css"
IMPORT = re.compile(r'@import url\("(?P<name>[^"]+)"\);\n?')
DIGEST = re.compile(r"\.[0-9a-f]{12}\.")
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
    visitors may be receiving it from the version that runs during an update.
    """

    def delete(self, name):
        """Delete a file, unless its name has its content's hash."""
        if not DIGEST.search(name):
            super().delete(name)

    def compress_files(self, paths):
        """Compress files; yield (name, name of the compressed one) of each that was not before."""
        ready = [path for path in paths if DIGEST.search(path) and self.exists(f"{path}.gz")]
        yield from super().compress_files(set(paths).difference(ready))

    def _save(self, name, content):
        if DIGEST.search(name) and self.exists(name):
            return name
        return super()._save(name, content)

    def post_process(self, paths, dry_run=False, **options):
        """Put the joined stylesheet in the place of the one with imports, then go on as usual."""
        if SHEET in paths and not dry_run:
            memory = InMemoryStorage()
            memory.save(SHEET, ContentFile(joined(lambda name: _text(paths, name)).encode()))
            self.delete(SHEET)
            self.save(SHEET, memory.open(SHEET))
            paths = {**paths, SHEET: (memory, SHEET)}
        yield from super().post_process(paths, dry_run=dry_run, **options)


def _text(paths, name):
    storage, path = paths[name]
    with storage.open(path) as file:
        return file.read().decode()
