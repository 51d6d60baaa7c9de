"""What Firecracker's published description of its interface allows, as far as machines without disks and networks go."""

NOT_STARTED, RUNNING, PAUSED = "Not started", "Running", "Paused"

LARGEST_BODY = 51200


class Refused(Exception):
    pass


def require(condition, why):
    if not condition:
        raise Refused(why)


class Text:
    def __init__(self, *allowed):
        self.allowed = allowed

    def check(self, name, value):
        require(isinstance(value, str) and value, f"`{name}` is not a text")
        require(not self.allowed or value in self.allowed, f"`{name}` is `{value}`: one of {self.allowed} is allowed")


class Whole:
    def __init__(self, least, most=2**32 - 1):
        self.least, self.most = least, most

    def check(self, name, value):
        require(isinstance(value, int) and not isinstance(value, bool), f"`{name}` is not a whole number")
        require(self.least <= value <= self.most, f"`{name}` is {value}: {self.least} to {self.most} are allowed")


class Truth:
    def check(self, name, value):
        require(isinstance(value, bool), f"`{name}` is not true or false")


class Fields:
    def __init__(self, required, optional=None):
        self.required, self.optional = required, optional or {}

    def check(self, name, value):
        require(isinstance(value, dict), f"{name or 'the body'} is not an object")
        for key in self.required:
            require(key in value, f"`{key}` is missing")
        for key, inner in value.items():
            kind = self.required.get(key) or self.optional.get(key)
            require(kind is not None, f"`{key}` is not known")
            kind.check(key, inner)


MACHINE = Fields(
    {"vcpu_count": Whole(1, 32), "mem_size_mib": Whole(1)},
    {
        "smt": Truth(),
        "track_dirty_pages": Truth(),
        "cpu_template": Text("C3", "T2", "T2S", "T2CL", "T2A", "V1N1", "None"),
        "huge_pages": Text("None", "Transparent", "2M"),
    },
)
BOOT = Fields({"kernel_image_path": Text()}, {"initrd_path": Text(), "boot_args": Text()})
VSOCK = Fields({"guest_cid": Whole(3), "uds_path": Text()}, {"vsock_id": Text()})
LOGGER = Fields(
    {},
    {
        "level": Text("Error", "Warning", "Info", "Debug", "Trace", "Off"),
        "log_path": Text(),
        "show_level": Truth(),
        "show_log_origin": Truth(),
        "module": Text(),
    },
)
CREATE = Fields({"snapshot_path": Text(), "mem_file_path": Text()}, {"snapshot_type": Text("Full", "Diff")})
LOAD = Fields(
    {"snapshot_path": Text()},
    {
        "mem_file_path": Text(),
        "mem_backend": Fields({"backend_type": Text("File", "Uffd"), "backend_path": Text()}),
        "resume_vm": Truth(),
        "track_dirty_pages": Truth(),
        "enable_diff_snapshots": Truth(),
        "clock_realtime": Truth(),
        "vsock_override": Fields({"uds_path": Text()}),
    },
)

# What may be asked, with which body, and in which states of the machine.
REQUESTS = {
    ("GET", "/"): (None, (NOT_STARTED, RUNNING, PAUSED)),
    ("GET", "/version"): (None, (NOT_STARTED, RUNNING, PAUSED)),
    ("GET", "/machine-config"): (None, (NOT_STARTED, RUNNING, PAUSED)),
    ("PUT", "/logger"): (LOGGER, (NOT_STARTED,)),
    ("PUT", "/machine-config"): (MACHINE, (NOT_STARTED,)),
    ("PUT", "/boot-source"): (BOOT, (NOT_STARTED,)),
    ("PUT", "/vsock"): (VSOCK, (NOT_STARTED,)),
    ("PUT", "/entropy"): (Fields({}), (NOT_STARTED,)),
    ("PUT", "/actions"): (Fields({"action_type": Text("InstanceStart")}), (NOT_STARTED,)),
    ("PATCH", "/vm"): (Fields({"state": Text("Paused", "Resumed")}), (RUNNING, PAUSED)),
    ("PUT", "/snapshot/create"): (CREATE, (PAUSED,)),
    ("PUT", "/snapshot/load"): (LOAD, (NOT_STARTED,)),
}


class Instance:
    """Holds every request to the description, and lets a machine do what is asked."""

    def __init__(self, machine):
        self.machine = machine
        self.state = NOT_STARTED
        self.configuration = {}

    def ask(self, method, path, body):
        """The answer's body, None for none."""
        require((method, path) in REQUESTS, f"`{method} {path}` is not known")
        kind, states = REQUESTS[method, path]
        require(self.state in states, f"`{method} {path}` is not allowed when the machine is `{self.state}`")
        require((body is None) == (kind is None), "a body is missing, or not allowed")
        if kind:
            kind.check("", body)
        if method == "GET":
            return self.tell(path)
        act = {
            "/actions": self.start,
            "/vm": self.change,
            "/snapshot/create": self.save,
            "/snapshot/load": self.load,
        }.get(path)
        if act:
            act(body)
        else:
            self.configuration[path] = body
        return None

    def tell(self, path):
        if path == "/version":
            return {"firecracker_version": "1.10.1"}
        if path == "/machine-config":
            return self.configuration.get(path, {"vcpu_count": 1, "mem_size_mib": 128})
        return {"app_name": "Firecracker", "id": "anonymous-instance", "state": self.state, "vmm_version": "1.10.1"}

    def start(self, _):
        require("/boot-source" in self.configuration, "there is no kernel to boot")
        self.machine.start(self.configuration)
        self.state = RUNNING

    def change(self, body):
        if body["state"] == "Paused" and self.state == RUNNING:
            self.machine.pause()
        if body["state"] == "Resumed" and self.state == PAUSED:
            self.machine.resume()
        self.state = PAUSED if body["state"] == "Paused" else RUNNING

    def save(self, body):
        require(body.get("snapshot_type", "Full") == "Full", "the machine does not track what it writes")
        self.machine.save(self.configuration, body["snapshot_path"], body["mem_file_path"])

    def load(self, body):
        require(not set(self.configuration) - {"/logger"}, "something was configured before")
        require(("mem_file_path" in body) != ("mem_backend" in body), "exactly one of the two `mem_` fields is allowed")
        backend = body.get("mem_backend", {"backend_type": "File", "backend_path": body.get("mem_file_path")})
        require(backend["backend_type"] == "File", "this machine's memory comes from files only")
        override = body.get("vsock_override", {}).get("uds_path")
        self.configuration = self.machine.load(body["snapshot_path"], backend["backend_path"], override)
        self.state = PAUSED
        if body.get("resume_vm"):
            self.machine.resume()
            self.state = RUNNING
