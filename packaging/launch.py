"""Where the frozen program starts: beside the package, because a file inside it cannot be started by itself."""

import sys

from saasdesk.__main__ import main

sys.exit(main())
