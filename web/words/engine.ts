const ENGINES: Readonly<Record<string, string>> = {
  CYCLES: "Cycles",
  BLENDER_EEVEE: "EEVEE",
  BLENDER_EEVEE_NEXT: "EEVEE",
  BLENDER_WORKBENCH: "Workbench",
};

/** What people call an engine. */
export function tellEngine(engine: string): string {
  return ENGINES[engine] ?? engine;
}
