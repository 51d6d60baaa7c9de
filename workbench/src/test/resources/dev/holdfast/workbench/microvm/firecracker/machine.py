"""A machine of QEMU's in place of Firecracker's. What Firecracker's vsock would carry goes over serial ports, to a bridge in
the machine (bridge.c) that shows them to its programs as vsock."""

import json
import os
import socket
import subprocess
import time
import zipfile

from description import require

PORTS = (52, 53, 54)
LIMIT = 60


class Machine:
    def __init__(self, directory):
        self.directory = directory
        self.ram = os.path.join(directory, "memory")

    def start(self, configuration):
        boot = configuration["/boot-source"]
        with open(boot["kernel_image_path"], "rb") as kernel:
            require(kernel.read(4) == b"\x7fELF", "the kernel is not an ELF file")
        initrd = os.path.join(self.directory, "initrd")
        with open(initrd, "wb") as joined, open(boot["initrd_path"], "rb") as given:
            files = given.read()
            joined.write(files + bytes(-len(files) % 4) + self.carried("bridge.cpio"))
        arguments = f"{boot.get('boot_args', '')} rdinit=/bridge {self.carried('arguments').decode()}"
        self.run(
            configuration,
            f"{self.ram},share=on",
            ["-kernel", boot["kernel_image_path"], "-initrd", initrd, "-append", arguments],
        )
        self.monitor("cont")

    def pause(self):
        self.bridge.sendall(b"f")
        require(self.bridge.recv(1) == b"f", "the bridge does not answer")
        self.monitor("stop")

    def resume(self):
        self.bridge.sendall(b"r")
        self.monitor("cont")

    def save(self, configuration, state, memory):
        with open(state, "w", encoding="ascii") as out:
            out.write(json.dumps(configuration) + "\n")
        self.monitor("migrate", uri=f"exec:cat >> {state}")
        self.migrated("query-migrate", ("completed",))
        subprocess.run(["cp", "--sparse=always", self.ram, memory], check=True)

    def load(self, state, memory, uds_path):
        with open(state, "rb") as saved:
            configuration = json.loads(saved.readline())
        if uds_path:
            configuration["/vsock"]["uds_path"] = uds_path
        library = os.path.join(self.directory, "private_ram.so")
        with open(library, "wb") as out:
            out.write(self.carried("private_ram.so"))
        self.run(configuration, f"{memory},share=off", ["-incoming", "defer"], {"LD_PRELOAD": library})
        self.monitor("migrate-incoming", uri=f"exec:tail -n +2 {state}")
        self.migrated("query-status", ("paused", "prelaunch"))
        return configuration

    @staticmethod
    def carried(name):
        """What the test has put beside this file."""
        with zipfile.ZipFile(os.path.dirname(__file__)) as files:
            return files.read(name)

    def run(self, configuration, backend, more, environment=None):
        size = configuration["/machine-config"]
        uds_path = configuration["/vsock"]["uds_path"]
        control, bridge = self.listen("qmp"), self.listen("bridge")
        command = ["qemu-system-x86_64", "-S", "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"]
        command += ["-M", "microvm,acpi=on,pit=off,pic=off,rtc=on,isa-serial=on,memory-backend=ram"]
        command += ["-accel", "tcg,thread=multi,tb-size=96", "-cpu", "max"]
        command += ["-smp", str(size["vcpu_count"]), "-m", str(size["mem_size_mib"])]
        command += ["-object", f"memory-backend-file,id=ram,size={size['mem_size_mib']}M,mem-path={backend}"]
        command += ["-chardev", f"socket,id=qmp,path={control.getsockname()}", "-mon", "chardev=qmp,mode=control"]
        command += ["-serial", "stdio", "-device", "virtio-serial-device,max_ports=5"]
        paths = [f"{uds_path}_{port}" for port in PORTS] + [bridge.getsockname()]
        for number, path in enumerate(paths, 1):
            self.await_file(path)
            command += ["-chardev", f"socket,id=port{number},path={path}"]
            command += ["-device", f"virtserialport,chardev=port{number},nr={number}"]
        subprocess.Popen(command + more, env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL)
        self.bridge = bridge.accept()[0]
        self.lines = control.accept()[0].makefile("rwb")
        self.lines.readline()
        self.monitor("qmp_capabilities")
        self.monitor("migrate-set-capabilities", capabilities=[{"capability": "x-ignore-shared", "state": True}])

    def listen(self, name):
        listener = socket.socket(socket.AF_UNIX)
        listener.settimeout(LIMIT)
        listener.bind(os.path.join(self.directory, name))
        listener.listen()
        return listener

    @staticmethod
    def await_file(path):
        deadline = time.monotonic() + LIMIT
        while not os.path.exists(path):
            require(time.monotonic() < deadline, f"nobody listens at `{path}`")
            time.sleep(0.001)

    def monitor(self, command, **arguments):
        self.lines.write(json.dumps({"execute": command, "arguments": arguments}).encode() + b"\n")
        self.lines.flush()
        while True:
            answer = json.loads(self.lines.readline())
            require("error" not in answer, str(answer))
            if "return" in answer:
                return answer["return"]

    def migrated(self, query, ends):
        deadline = time.monotonic() + LIMIT
        while (status := self.monitor(query).get("status")) not in ends:
            require(status != "failed" and time.monotonic() < deadline, f"the machine's state is `{status}`")
            time.sleep(0.002)
