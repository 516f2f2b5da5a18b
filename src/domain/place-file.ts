/**
 * Where in a project a file belongs that somebody adds: of the places that wait for one, that with its name, whatever the case; else that
 * of the same series (frames of a sequence, tiles of a texture). Of several the one whose folders agree best. Null when no place waits
 * for it. A file of a series keeps its own number.
 */
export function placeFile(path: string, waiting: readonly string[]): string | null {
  const exact = waiting.filter((place) => folded(nameOf(place)) === folded(nameOf(path)));
  if (exact.length > 0) return bestOf(exact, path);
  const series = waiting.filter((place) => {
    const pattern = seriesOf(nameOf(place));
    return pattern.includes("#") && folded(pattern) === folded(seriesOf(nameOf(path)));
  });
  if (series.length === 0) return null;
  const best = bestOf(series, path);
  return best.slice(0, best.length - nameOf(best).length) + nameOf(path);
}

function bestOf(places: readonly string[], path: string): string {
  const agreeing = (place: string): number => {
    const [ours, theirs] = [folded(place).split("/").reverse(), folded(path).split("/").reverse()];
    const differs = ours.findIndex((part, i) => i > 0 && part !== theirs[i]);
    return differs === -1 ? ours.length : differs;
  };
  return places.reduce((best, place) => (agreeing(place) > agreeing(best) ? place : best));
}

/** The name with `#` in place of its last number, of a run of `#`, or of the tokens that Blender writes for tiles. */
function seriesOf(name: string): string {
  const plain = name.replace("<UDIM>", "1001").replace("<UVTILE>", "u1_v1").replace(/#+/, "1");
  return plain.replace(/\d+(?=\D*$)/, "#");
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** macOS writes `é` as two letters, and Windows does not know cases. */
function folded(text: string): string {
  return text.normalize("NFC").toLowerCase();
}
