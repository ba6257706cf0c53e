"""A real dockerd for the lab: on folders, a socket and a control group of its own, in the namespaces of whoever starts it. Ended by its process id."""
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from under_test import run, until

CGROUPS = Path("/sys/fs/cgroup")


def missing():
    """Which of the programs that it needs are not there."""
    return [name for name in ("dockerd", "docker", "containerd", "runc") if shutil.which(name) is None]


class ContainerEngine:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.socket = self.folder / "docker.sock"
        self.log_path = self.folder / "dockerd.log"
        self.cgroup = f"lab-{os.getpid()}"
        self.process = None

    def start(self):
        assert not missing(), f"missing: {', '.join(missing())}; run tests/install-packages"
        self.folder.mkdir(parents=True, exist_ok=True)
        settings = self.folder / "daemon.json"
        # Not that of the machine, which may name other folders and hosts.
        settings.write_text("{}")
        words = ["dockerd", "--config-file", settings, "--data-root", self.folder / "data", "--exec-root", self.folder / "exec"]
        words += ["--pidfile", self.folder / "pid", "-H", f"unix://{self.socket}", "--storage-driver", "overlay2"]
        words += ["--exec-opt", "native.cgroupdriver=cgroupfs", "--cgroup-parent", f"/{self.cgroup}"]
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen([str(word) for word in words], stdout=log, stderr=log, start_new_session=True)
        until("dockerd answers", self.answers, seconds=60, pause=0.1)
        return self

    def warm(self, program):
        """Runs a static program once: a first container makes a control group and gives the bridge an address that stay as long as the engine."""
        env = {**os.environ, **self.env()}
        archive = self.folder / "warm.tar"
        run("tar", "-C", program.parent, "-cf", archive, program.name)
        run("docker", "import", "-c", f'ENTRYPOINT ["/{program.name}"]', archive, "warm:1", env=env)
        run("docker", "run", "--rm", "warm:1", env=env)
        run("docker", "rmi", "warm:1", env=env)
        archive.unlink()
        # Whoever looks at the older tables makes them; the platform looks, to work beside their rules.
        for name in ("iptables-legacy", "ip6tables-legacy"):
            if shutil.which(name):
                run(name, "-S")

    def env(self):
        return {"DOCKER_HOST": f"unix://{self.socket}", "DOCKER_CONFIG": str(self.folder / "config")}

    def answers(self):
        if self.process.poll() is not None:
            raise AssertionError(f"dockerd ended with code {self.process.returncode}:\n{self.log()}")
        done = run("docker", "version", "--format", "{{.Server.Version}}", env={**os.environ, **self.env()}, check=False)
        return done.stdout.strip() if done.returncode == 0 else None

    def log(self):
        return self.log_path.read_text(errors="replace")[-4000:]

    def end(self):
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        # containerd ends with it; the control groups that it leaves are empty.
        deadline = time.monotonic() + 20
        while self.cgroups() and time.monotonic() < deadline:
            for folder in self.cgroups():
                try:
                    folder.rmdir()
                except OSError:
                    time.sleep(0.05)
        shutil.rmtree(self.folder, ignore_errors=True)

    def cgroups(self):
        """Deepest first."""
        roots = [CGROUPS / self.cgroup, *CGROUPS.glob(f"*/{self.cgroup}")]
        found = [folder for root in roots if root.is_dir() for folder in [root, *(p for p in root.rglob("*") if p.is_dir())]]
        return sorted(found, key=lambda folder: len(folder.parts), reverse=True)
