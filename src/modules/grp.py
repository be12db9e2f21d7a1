"""Access to the Unix group database.

Group entries are reported as 4-tuples containing the following fields
from the group database, in order:

  gr_name   - name of the group
  gr_passwd - group password (encrypted); often empty
  gr_gid    - numeric ID of the group
  gr_mem    - list of members

The gid is an integer, name and password are strings.  (Note that most
users are not explicitly listed as members of the groups they are in
according to the password database.  Check both databases to get
complete membership information.)"""


def getgrgid(id):
    """Return the group database entry for the given numeric group ID."""
def getgrnam(name: str):
    """Return the group database entry for the given group name."""
def getgrall():
    """Return a list of all available group entries, in arbitrary order."""
def __exec__(module): ...
