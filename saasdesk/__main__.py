"""`python -m saasdesk`, and what the command `saasdesk` starts."""

import gc
import sys

# While modules are loaded there is nothing to collect, and what they make stays.
gc.disable()

from saasdesk.app import main  # noqa: E402 - see above

gc.freeze()
gc.enable()

if __name__ == "__main__":
    sys.exit(main())
