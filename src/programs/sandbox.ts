import type { Command, Environment } from "./command.ts";

/** A path of the system as it stands inside the sandbox too: a folder, or a link such as /bin of a merged /usr. */
export type SystemPath = { path: string; link: string | null };

/** How programs are kept from the rest of the machine. Other kinds than bubblewrap have their place here. */
export type Sandbox =
  | { kind: "bubblewrap"; program: string; system: readonly SystemPath[]; detail: string }
  | { kind: "none"; detail: string };

/** What a sandboxed program may reach of the machine, besides the system itself. Paths stand at the same place inside. */
export type Access = {
  readable: readonly string[];
  writable: readonly string[];
  /** Device files of the GPUs (see gpu-devices.ts); empty for programs that need none. */
  gpuDevices: readonly string[];
};

/** The private temporary folder inside the sandbox: empty at the start, and gone with the program. */
export const SANDBOX_TEMPORARY = "/tmp";

/** Settings of the system that programs read; each only where it exists. None of them holds a secret. */
const SETTINGS = [
  "/etc/alternatives",
  "/etc/fonts",
  "/etc/ld.so.cache",
  "/etc/ld.so.conf",
  "/etc/ld.so.conf.d",
  "/etc/localtime",
  "/etc/glvnd",
  "/etc/vulkan",
  "/etc/OpenCL",
  "/nix/store",
  "/gnu/store",
  "/run/opengl-driver",
];

/** Where GPU drivers look for the hardware. */
const GPU_SYSTEM = ["/sys/dev", "/sys/devices", "/sys/class", "/sys/bus", "/sys/module"];

/** Wraps a command so that it runs in the sandbox; without one it is returned as it is. */
export function sandboxed(sandbox: Sandbox, command: Command, access: Access): Command {
  switch (sandbox.kind) {
    case "none":
      return command;
    case "bubblewrap":
      return {
        argv: [sandbox.program, ...bubblewrapArguments(sandbox.system, command, access), "--", ...command.argv],
        // The sandboxed program can read bubblewrap's own environment in /proc/1/environ, even after --clearenv.
        environment: {},
        cwd: "/",
      };
    default:
      return sandbox satisfies never;
  }
}

/**
 * Returns bubblewrap's options (bwrap(1)): no network, own process, IPC and host name spaces, no capabilities; the system and
 * `readable` read-only, `writable` writable, /tmp private, and nothing else there. What comes later is laid over what came before,
 * so that a readable folder inside a writable one stays read-only.
 */
export function bubblewrapArguments(system: readonly SystemPath[], command: Command, access: Access): string[] {
  const gpu = access.gpuDevices.length > 0;
  return [
    ...[
      "--unshare-user-try",
      "--unshare-net",
      "--unshare-pid",
      "--unshare-ipc",
      "--unshare-uts",
      "--unshare-cgroup-try",
    ],
    // Without capabilities nothing inside can remount what is read-only, also when the farm runs as root.
    ...["--cap-drop", "ALL", "--die-with-parent", "--new-session"],
    ...system.flatMap(({ path, link }) => (link === null ? ["--ro-bind", path, path] : ["--symlink", link, path])),
    ...SETTINGS.flatMap((path) => ["--ro-bind-try", path, path]),
    ...["--proc", "/proc", "--dev", "/dev"],
    ...access.gpuDevices.flatMap((path) => ["--dev-bind-try", path, path]),
    ...(gpu ? GPU_SYSTEM.flatMap((path) => ["--ro-bind-try", path, path]) : []),
    ...["--tmpfs", SANDBOX_TEMPORARY],
    ...access.writable.flatMap((path) => ["--bind", path, path]),
    ...access.readable.flatMap((path) => ["--ro-bind", path, path]),
    ...["--remount-ro", "/", "--chdir", command.cwd ?? "/", "--clearenv"],
    ...setEnvironment(command.environment),
  ];
}

function setEnvironment(environment: Environment): string[] {
  return Object.entries(environment).flatMap(([name, value]) => ["--setenv", name, value]);
}
