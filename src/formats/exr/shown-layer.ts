/**
 * The layer that is the picture: null for a file that has channels without a layer, else the one that Blender calls Combined, else the first.
 */
export function shownLayer(layers: readonly string[]): string | null {
  if (layers.includes("")) return null;
  return layers.find((name) => name.endsWith("Combined")) ?? layers[0] ?? null;
}

/** The name of a channel of that layer. */
export function channelIn(layer: string | null, letter: "R" | "G" | "B" | "A"): string {
  return layer === null ? letter : `${layer}.${letter}`;
}
