#!/usr/bin/env python3
"""Starts the unit under a systemd of its own, and looks whether it holds what it says.

    sudo python3 deploy/systemd/trial.py target/debug/loomwire

The systemd is process 1 of namespaces made for it (mounts, processes, network, cgroups, host name),
on a copy-on-write view of this machine: nothing of it is seen outside, and nothing is left. It
needs root, and a kernel with overlayfs and cgroup2; it says so, and ends with 77, if it cannot.
"""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PATIENCE = 120
CANNOT = 77
DEVICES = ["null", "zero", "full", "random", "urandom", "tty"]
# Empty ones stand for the rest of the system, which is not to be started.
TARGETS = ["sysinit", "basic", "multi-user", "network-online", "shutdown", "umount", "final", "local-fs"]
JOURNAL = ["systemd-journald.service", "systemd-journald.socket", "systemd-journald-dev-log.socket"]
# What systemd-run speaks through.
BUS = ["dbus.service", "dbus.socket"]
STEPS = """[Unit]
DefaultDependencies=no
[Service]
Type=oneshot
TimeoutStartSec=infinity
ExecStart={python} /trial/files/trial.py --steps
ExecStopPost=/bin/kill -s SIGRTMIN+14 1
StandardOutput=file:/trial/said
StandardError=file:/trial/said
"""


def run(*words, **options):
    return subprocess.run(words, check=True, text=True, capture_output=True, **options).stdout


# Outside: a scratch folder, a cgroup, and the namespaces.


def outside(program):
    cgroups = cgroup2()
    if os.geteuid() != 0 or cgroups is None:
        print("the unit was NOT tried: that needs root, and cgroup2")
        return CANNOT
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="loomwire-unit-"))
    own = cgroups / scratch.name
    try:
        own.mkdir()
        for folder in ("upper", "work", "root", "trial"):
            (scratch / folder).mkdir()
        # Where the clone lies may be another file system, which the view does not show.
        shutil.copytree(HERE, scratch / "trial/files")
        # Without what only a debugger wants it starts as fast as a release does.
        run("strip", "--output-file", str(scratch / "trial/loomwire"), program)
        return started(scratch, own)
    except OSError as error:
        print(f"the unit was NOT tried: {error}")
        return CANNOT
    finally:
        for folder, _, _ in os.walk(own, topdown=False):
            os.rmdir(folder)
        shutil.rmtree(scratch, ignore_errors=True)


def started(scratch, own):
    join = lambda: (own / "cgroup.procs").write_text(str(os.getpid()))  # noqa: E731
    space = ["unshare", "--mount", "--pid", "--fork", "--net", "--uts", "--ipc", "--cgroup", "--kill-child"]
    words = [*space, sys.executable, __file__, "--inside", str(scratch)]
    log = scratch / "log"
    with open(log, "w", encoding="utf-8") as out, subprocess.Popen(
        words, preexec_fn=join, stdin=subprocess.DEVNULL, stdout=out, stderr=out
    ) as system:
        try:
            system.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            system.kill()
    said = scratch / "trial/said"
    verdict = scratch / "trial/verdict"
    if not said.exists():
        print(f"the unit was NOT tried: no systemd here\n{log.read_text()[-2000:]}")
        return CANNOT
    if not verdict.exists():
        print(f"the trial did not end\n{said.read_text()}")
        return 1
    print(said.read_text(), end="")
    return int(verdict.read_text())


def cgroup2():
    for line in pathlib.Path("/proc/mounts").read_text().splitlines():
        _, where, kind, options, *_ = line.split()
        if kind == "cgroup2" and "rw" in options.split(","):
            return pathlib.Path(where)
    return None


# Inside: the machine as systemd finds it.


def inside(scratch):
    root = scratch / "root"
    run("mount", "--make-rprivate", "/")
    layers = f"lowerdir=/,upperdir={scratch}/upper,workdir={scratch}/work"
    run("mount", "-t", "overlay", "overlay", "-o", layers, str(root))
    mount = lambda kind, where, options="rw": run("mount", "-t", kind, kind, "-o", options, str(root / where))  # noqa: E731
    mount("proc", "proc")
    mount("sysfs", "sys", "ro")
    mount("cgroup2", "sys/fs/cgroup")
    mount("tmpfs", "run", "mode=755")
    mount("tmpfs", "tmp", "mode=1777")
    devices(root)
    files(root)
    (root / "trial").mkdir()
    run("mount", "--bind", str(scratch / "trial"), str(root / "trial"))
    (root / "usr/local/bin/loomwire").unlink(missing_ok=True)
    (root / "usr/local/bin/loomwire").symlink_to("/trial/loomwire")
    run("ip", "link", "set", "lo", "up")
    run("ip", "address", "add", "198.51.100.1/32", "dev", "lo")
    (root / "before").mkdir()
    os.chdir(root)
    run("pivot_root", ".", "before")
    os.chroot(".")
    run("umount", "--lazy", "/before")
    # As a booted system is: what systemd mounts for a unit arrives in the unit.
    run("mount", "--make-rshared", "/")
    environment = {
        "PATH": "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "SYSTEMD_UNIT_PATH": "/run/units",
        "container": "trial",
    }
    os.execve("/lib/systemd/systemd", ["systemd", "--system", "--unit=trial.target"], environment)


def devices(root):
    run("mount", "-t", "tmpfs", "tmpfs", "-o", "mode=755", str(root / "dev"))
    for name in DEVICES:
        (root / "dev" / name).touch()
        run("mount", "--bind", f"/dev/{name}", str(root / "dev" / name))
    (root / "dev/console").touch()
    (root / "dev/fd").symlink_to("/proc/self/fd")
    for folder in ("shm", "pts", "mqueue", "hugepages"):
        (root / "dev" / folder).mkdir()
    run("mount", "-t", "devpts", "devpts", "-o", "newinstance,ptmxmode=0666", str(root / "dev/pts"))
    (root / "dev/ptmx").symlink_to("pts/ptmx")


def files(root):
    units = root / "run/units"
    units.mkdir()
    for target in TARGETS:
        (units / f"{target}.target").write_text("[Unit]\nDefaultDependencies=no\n")
    for name in [*JOURNAL, *BUS]:
        shutil.copy(f"/lib/systemd/system/{name}", units)
    shutil.copy(HERE / "loomwire.service", units)
    (units / "steps.service").write_text(STEPS.format(python=sys.executable))
    (units / "trial.target").write_text("[Unit]\nDefaultDependencies=no\nWants=steps.service\n")
    for folder in ("etc/loomwire", "etc/credstore.encrypted"):
        shutil.rmtree(root / folder, ignore_errors=True)
        (root / folder).mkdir(mode=0o700)
    for state in ("var/lib/private/loomwire", "var/lib/loomwire"):
        shutil.rmtree(root / state, ignore_errors=True)


# The steps, run by that systemd as a unit of its own.


def steps():
    wrong = []
    try:
        for step in (prepares, starts, confined, keeps_data, commands, comes_back, stays_down, reached, low_port):
            problem = step()
            if problem:
                wrong.append(f"{step.__name__}: {problem}")
    except subprocess.CalledProcessError as error:
        wrong.append(f"{' '.join(error.cmd)}\n{error.stdout}{error.stderr}{journal()}")
    for line in wrong:
        print(f"systemd: {line}")
    if not wrong:
        print("systemd: the unit started, was confined, kept its data, came back and went as it says")
    sys.stdout.flush()
    pathlib.Path("/trial/verdict").write_text("1" if wrong else "0")


def configure(**keys):
    text = "".join(f'{key} = "{value}"\n' for key, value in {"public_url": "http://localhost:3000", **keys}.items())
    path = pathlib.Path("/etc/loomwire/loomwire.toml")
    path.write_text(text)
    path.chmod(0o600)


def drop_in(name, text):
    folder = pathlib.Path("/run/units/loomwire.service.d")
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    run("systemctl", "daemon-reload")


def shown(what):
    return run("systemctl", "show", "--property", what, "--value", "loomwire.service").strip()


def journal():
    return run("journalctl", "--no-pager", "--lines", "20")


def healthy(listen="127.0.0.1:3000"):
    asked = subprocess.run(
        ["loomwire", "healthcheck"], env={**os.environ, "LOOMWIRE_LISTEN": listen}, capture_output=True, check=False
    )
    return asked.returncode == 0


def prepares():
    """A key is made, and encrypted to this machine, as docs/DEPLOYMENT.md says."""
    run("systemctl", "start", "systemd-journald.socket", "systemd-journald.service")
    key = "/run/master.key"
    run("loomwire", "vault", "create", env={**os.environ, "LOOMWIRE_MASTER_KEY_FILE": key})
    run("systemd-creds", "setup")
    run(
        "systemd-creds", "encrypt", "--with-key=host", "--name=loomwire-master-key",
        key, "/etc/credstore.encrypted/loomwire-master-key",
    )
    os.unlink(key)
    configure()


def starts():
    run("systemctl", "start", "loomwire.service")
    if not healthy():
        return f"systemd was told that it is ready, and it is not\n{journal()}"


def confined():
    process = pathlib.Path(f"/proc/{shown('MainPID')}")
    status = dict(line.split(":\t", 1) for line in (process / "status").read_text().splitlines() if ":\t" in line)
    uid = int(status["Uid"].split()[0])
    found = (status["NoNewPrivs"], status["Seccomp"], status["CapEff"], status["CapBnd"])
    if uid < 60000 or found != ("1", "2", "0" * 16, "0" * 16):
        return f"user {uid}, no-new-privileges, seccomp, capabilities: {found}"
    limits = (process / "limits").read_text()
    if not any(line.startswith("Max core file size        0 ") for line in limits.splitlines()):
        return "a core dump could be written"


def keeps_data():
    folder = pathlib.Path("/var/lib/private/loomwire")
    wide = [path.name for path in [folder, *folder.iterdir()] if path.stat().st_mode & 0o077]
    if wide or not (folder / "loomwire.db").exists():
        return f"open to others: {wide}"


def commands():
    """Beside the running server, as its user."""
    run("systemctl", "start", "dbus.socket", "dbus.service")
    said = run(str(HERE / "loomwire-admin"), "setup-link")
    if "/setup/" not in said:
        return said
    owners = {path.stat().st_uid for path in pathlib.Path("/var/lib/private/loomwire").iterdir()}
    if len(owners) != 1 or 0 in owners:
        return f"the data belongs to {owners}"


def comes_back():
    """A process that stands still is found, killed and started again."""
    drop_in("patience.conf", "[Service]\nWatchdogSec=3s\n")
    run("systemctl", "restart", "loomwire.service")
    before = shown("MainPID")
    os.kill(int(before), signal.SIGSTOP)
    for _ in range(200):
        if shown("NRestarts") != "0" and shown("ActiveState") == "active":
            break
        subprocess.run(["sleep", "0.1"], check=True)
    if shown("MainPID") == before or not healthy():
        return f"not started again\n{journal()}"
    drop_in("patience.conf", "[Service]\nWatchdogSec=30s\n")
    run("systemctl", "restart", "loomwire.service")
    run("systemctl", "stop", "loomwire.service")
    result = (shown("Result"), shown("ExecMainStatus"))
    if result != ("success", "0"):
        return f"stopped, with {result}\n{journal()}"


def stays_down():
    """A wrong configuration is not tried again and again."""
    configure(colour="red")
    started = subprocess.run(["systemctl", "start", "loomwire.service"], capture_output=True, check=False)
    result = (started.returncode != 0, shown("ActiveState"), shown("NRestarts"), shown("ExecMainStatus"))
    configure()
    run("systemctl", "reset-failed", "loomwire.service")
    if result != (True, "failed", "0", "2"):
        return str(result)


def reached():
    """From another address only with the drop-in, though it listens on all."""
    configure(listen="0.0.0.0:3000")
    run("systemctl", "start", "loomwire.service")
    alone = (healthy(), healthy("198.51.100.1:3000"))
    drop_in("network.conf", "[Service]\nIPAddressAllow=198.51.100.0/24\n")
    run("systemctl", "restart", "loomwire.service")
    widened = (healthy(), healthy("198.51.100.1:3000"))
    if (alone, widened) != ((True, False), (True, True)):
        return f"this machine and another: {alone}, with the drop-in {widened}"


def low_port():
    configure(listen="0.0.0.0:443")
    refused = subprocess.run(["systemctl", "restart", "loomwire.service"], capture_output=True, check=False)
    run("systemctl", "stop", "loomwire.service")
    drop_in("tls.conf", (HERE / "drop-ins/tls.conf").read_text())
    run("systemctl", "start", "loomwire.service")
    if refused.returncode == 0 or not healthy("198.51.100.1:443"):
        return f"without the drop-in {refused.returncode}\n{journal()}"
    run("systemctl", "stop", "loomwire.service")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--inside", scratch]:
            inside(pathlib.Path(scratch))
        case ["--steps"]:
            steps()
        case [program]:
            sys.exit(outside(program))
        case _:
            sys.exit(__doc__)
