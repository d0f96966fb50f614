"""How much a vendor may ask of us: time, bytes, depth and tries."""

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one session; the defaults are the ones every run uses."""

    connect_seconds: float = 10
    # Silence between two packets; the whole request has a bound of its own, because a byte a second is not silence.
    read_seconds: float = 30
    total_seconds: float = 120
    body_bytes: int = 64 * MEBIBYTE
    error_body_bytes: int = 256 * 1024
    json_depth: int = 64
    string_characters: int = MEBIBYTE
    tries: int = 5
    # The longest pause before each further try; the true one is drawn between nothing and this.
    back_off_seconds: tuple[float, ...] = (1, 4, 16, 60)
    longest_wait_seconds: float = 300
    redirects: int = 3
    connections: int = 4
