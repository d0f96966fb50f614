"""`python -m saasdesk`, and what the command `saasdesk` starts."""

import sys

from saasdesk.app import main

if __name__ == "__main__":
    sys.exit(main())
