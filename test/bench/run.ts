// Figures, each beside its reference in the same run: `make bench`, or `bun test/bench/run.ts leases` for one of them.
import { cpus } from "node:os";
import { benchBinary } from "./binary.ts";
import { benchLeases } from "./leases.ts";
import { benchLongVideo } from "./long-video.ts";
import { benchPages } from "./pages.ts";
import { benchRender } from "./render.ts";
import { benchTransfer } from "./transfer.ts";
import { benchVideo } from "./video.ts";

const BENCHES: Record<string, () => Promise<void>> = {
  binary: benchBinary,
  leases: benchLeases,
  transfer: benchTransfer,
  pages: benchPages,
  render: benchRender,
  video: benchVideo,
  "long-video": benchLongVideo,
};

const wanted = process.argv.slice(2);
console.log(`${cpus().length} x ${cpus()[0]?.model ?? "unknown processor"}`);
for (const [name, bench] of Object.entries(BENCHES)) if (wanted.length === 0 || wanted.includes(name)) await bench();
