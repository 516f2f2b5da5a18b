import { readdirSync } from "node:fs";
import { join } from "node:path";

/** Device files of GPU drivers: DRM (Intel, AMD and all for OpenGL), NVIDIA's own, AMD's compute, and WSL's. */
const GPU_DEVICE = /^(dri|nvidia.*|kfd|dxg)$/;

/** Lists the device files of this machine's GPUs. */
export function gpuDevices(folder = "/dev"): string[] {
  return readdirSync(folder)
    .filter((name) => GPU_DEVICE.test(name))
    .sort()
    .map((name) => join(folder, name));
}
