import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from saasdesk.errors import ExitCode, UserError
from saasdesk.profile import (
    LockedProfile,
    ProfileLock,
    default_folder,
    filesystem_of,
    linux_mounts,
    mac_mounts,
    open_profile,
    refuse_network_folder,
)

MOUNTS = linux_mounts(
    "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n"
    "30 22 0:40 / /home rw,relatime shared:2 - nfs4 server.example.com:/home rw\n"
    "31 30 0:41 / /home/ana/local rw - xfs /dev/vdb rw\n"
    "32 22 0:42 / /media/my\\040share rw - cifs //server.example.com/share rw\n"
    "33 22 0:43 / /work rw - ext4 /dev/vdc rw\n"
    "34 33 0:44 / /work rw - fuse.sshfs server.example.com:/work rw\n"
)


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_that_a_new_profile_is_readable_by_its_owner_alone(profile_dir: Path, open_umask: None) -> None:
    profile = open_profile(profile_dir)

    assert mode_of(profile.folder) == 0o700
    assert {mode_of(folder) for folder in (profile.backups, profile.exports, profile.logs)} == {0o700}
    assert mode_of(profile.marker) == 0o600


def test_that_a_profile_folder_open_to_others_is_closed_to_them(profile_dir: Path) -> None:
    profile_dir.mkdir()
    profile_dir.chmod(0o755)

    open_profile(profile_dir)

    assert mode_of(profile_dir) == 0o700


def test_that_a_profile_keeps_its_uuid_and_kind(profile_dir: Path) -> None:
    made = open_profile(profile_dir, demo=True)

    found = open_profile(profile_dir)

    assert (found.uuid, found.is_demo) == (made.uuid, True)


def test_that_the_demo_never_opens_a_real_profile(profile_dir: Path) -> None:
    open_profile(profile_dir)

    with pytest.raises(UserError, match="holds real data"):
        open_profile(profile_dir, demo=True)


def test_that_nothing_is_made_when_a_profile_is_only_looked_for(profile_dir: Path) -> None:
    with pytest.raises(UserError, match="There is no saasdesk profile"):
        open_profile(profile_dir, create=False)

    assert not profile_dir.exists()


def test_that_a_file_in_the_place_of_a_profile_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()

    with pytest.raises(UserError, match=r"notes\.txt is a file"):
        open_profile(tmp_path / "notes.txt")


@pytest.mark.parametrize("content", ["", "[]", '{"kind": "demo"}', '{"uuid": "x"}'])
def test_that_a_spoilt_marker_is_named_and_left_as_it_is(profile_dir: Path, content: str) -> None:
    marker = open_profile(profile_dir).marker
    marker.write_text(content)

    with pytest.raises(UserError, match=r"profile\.json"):
        open_profile(profile_dir)
    assert marker.read_text() == content


def test_that_a_database_without_a_marker_counts_as_somebodys_data(profile_dir: Path) -> None:
    profile_dir.mkdir()
    (profile_dir / "saasdesk.db").write_bytes(b"something")

    assert open_profile(profile_dir).had_database


def test_that_the_marker_says_who_made_the_profile(profile_dir: Path) -> None:
    profile = open_profile(profile_dir)

    content = json.loads(profile.marker.read_text())

    assert content == {"uuid": profile.uuid, "kind": "standard", "made_by": "0.1.0", "database_created": False}


def test_that_the_environment_names_the_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAASDESK_PROFILE", str(tmp_path / "chosen"))

    assert default_folder() == default_folder(demo=True) == tmp_path / "chosen"


def test_that_the_demo_has_a_folder_of_its_own() -> None:
    assert default_folder(demo=True) != default_folder()


def test_that_the_socket_has_a_short_name_where_its_path_would_be_too_long(tmp_path: Path) -> None:
    near, far = open_profile(tmp_path / "p"), open_profile(tmp_path / ("x" * 120))

    assert near.socket_name.startswith(str(near.folder)) or len(str(near.folder)) > 80
    assert far.socket_name == f"saasdesk-{far.uuid}"


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/srv/profile", "ext4"),
        ("/home/ana/profile", "nfs4"),
        ("/home/ana/local/profile", "xfs"),
        ("/media/my share/profile", "cifs"),
        ("/work/profile", "fuse.sshfs"),
        ("/workshop/profile", "ext4"),
    ],
)
def test_that_the_innermost_and_latest_mount_says_where_a_folder_is(folder: str, kind: str) -> None:
    assert filesystem_of(Path(folder), MOUNTS) == kind


@pytest.mark.parametrize("folder", ["/home/ana/profile", "/media/my share/profile", "/work/profile"])
def test_that_a_network_drive_is_refused_by_name(folder: str) -> None:
    with pytest.raises(UserError, match=f"The profile {folder} lies on a network drive"):
        refuse_network_folder(Path(folder), MOUNTS)


def test_that_the_folder_of_this_test_is_no_network_drive(tmp_path: Path) -> None:
    refuse_network_folder(tmp_path)


def test_p12_that_a_second_lock_is_refused_with_a_sentence_and_exit_code_5(profile_dir: Path) -> None:
    profile = open_profile(profile_dir)

    with ProfileLock(profile), pytest.raises(LockedProfile) as refusal:
        ProfileLock(profile).acquire()

    assert str(refusal.value) == (
        f"Another saasdesk (process {os.getpid()}) is using the profile {profile_dir}. Close it and try again."
    )
    assert refusal.value.exit_code is ExitCode.LOCKED


def test_p12_that_the_lock_can_be_taken_again_after_it_was_given_back(profile_dir: Path) -> None:
    profile = open_profile(profile_dir)
    lock = ProfileLock(profile)

    with lock:
        lock.acquire()
    with ProfileLock(profile) as other:
        assert other.is_held
        assert not lock.is_held


def test_p12_that_the_kernel_frees_the_lock_of_a_killed_process(profile_dir: Path) -> None:
    profile = open_profile(profile_dir)
    script = (
        "import sys; from pathlib import Path; from saasdesk.profile import *;"
        "lock = ProfileLock(open_profile(Path(sys.argv[1]))); lock.acquire();"
        "print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(profile_dir)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(LockedProfile, match=f"process {holder.pid}"):
            ProfileLock(profile).acquire()

        holder.kill()
        holder.wait()

    with ProfileLock(profile) as lock:
        assert lock.is_held


def test_that_a_windows_share_counts_as_a_network_drive_on_macos_too() -> None:
    mounts = mac_mounts(
        "/dev/disk3s1 on / (apfs, sealed, local)\n//ana@server.example.com/home on /Volumes/home (smbfs, nodev)\n"
    )

    assert filesystem_of(Path("/Volumes/home/profile"), mounts) == "smbfs"
    assert filesystem_of(Path("/Users/ana"), mounts) == "apfs"
