// Files of the browser as { path, file }: the path is that in the folder that was dropped or chosen, with its name first.

/** The files of an input, by their paths where a folder was chosen. */
export function chosenFiles(input) {
  return [...input.files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/** What was dropped: files and folders with all that is in them, and the handles that let the browser read them again after a reload. */
export async function droppedFiles(transfer) {
  // All of it must be asked for before the first await; afterwards the browser has forgotten.
  const items = [...transfer.items].filter((item) => item.kind === "file");
  const entries = items.map((item) => item.webkitGetAsEntry?.() ?? null);
  const loose = items.map((item) => item.getAsFile());
  const asked = items.map((item) => item.getAsFileSystemHandle?.().catch(() => null));
  const files = [];
  for (const [i, entry] of entries.entries()) {
    if (entry) await collect(entry, files);
    else if (loose[i]) files.push({ path: loose[i].name, file: loose[i] });
  }
  const handles = (await Promise.all(asked)).filter(Boolean);
  return { files, handles: handles.length === items.length ? handles : [] };
}

async function collect(entry, files) {
  const path = entry.fullPath.replace(/^\//, "");
  if (entry.isFile) return void files.push({ path, file: await new Promise((ok, no) => entry.file(ok, no)) });
  const reader = entry.createReader();
  for (;;) {
    // A reader gives a hundred or so at a time, and nothing at its end.
    const some = await new Promise((ok, no) => reader.readEntries(ok, no));
    if (some.length === 0) return;
    for (const one of some) await collect(one, files);
  }
}

/** The same of handles that were kept. */
export async function filesOfHandles(handles) {
  const files = [];
  for (const handle of handles) await collectHandle(handle, handle.name, files);
  return files;
}

async function collectHandle(handle, path, files) {
  if (handle.kind === "file") return void files.push({ path, file: await handle.getFile() });
  for await (const [name, child] of handle.entries()) await collectHandle(child, `${path}/${name}`, files);
}
