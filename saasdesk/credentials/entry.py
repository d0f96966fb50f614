"""A key as a person enters it: cleaned of what comes along when copying, and refused where it cannot be one."""

from saasdesk.errors import ExitCode, UserError
from saasdesk.web import Basic, Secret, SignIn

SHORTEST_KEY = 8
# Windows keeps 2,560 bytes, two for each character; the same everywhere, so that a profile can move.
LONGEST_KEY = 1_200


def clean_key(entered: str, sign_in: SignIn | None = None) -> Secret:
    """The key in what a person typed or pasted; no message shows any of it.

    A UserError where it cannot be a key: too short, too long, with a space or an odd character in it.
    """
    text = entered.strip()
    if sign_in is not None:
        text = sign_in.clean(text)
    odd = next((place for place, character in enumerate(text, 1) if not "\x20" <= character <= "\x7e"), None)
    if odd is not None:
        raise UserError(
            f"Character {odd} of the key is not a plain letter, digit or sign. Copy the key again, and nothing else.",
            ExitCode.CREDENTIAL,
        )
    # A name and a password may hold spaces, a key never does: it was pasted in two pieces, or with words around it.
    if " " in text and sign_in is not None and not isinstance(sign_in, Basic):
        raise UserError(
            f"There is a space in the key, after character {text.index(' ')}. Copy it in one piece, and nothing else.",
            ExitCode.CREDENTIAL,
        )
    if not SHORTEST_KEY <= len(text) <= LONGEST_KEY:
        raise UserError(
            f"The key has {len(text):,} characters; a key has between {SHORTEST_KEY} and {LONGEST_KEY:,}. "
            "Copy the whole key, and nothing else.",
            ExitCode.CREDENTIAL,
        )
    return Secret(text)
