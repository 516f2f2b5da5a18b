/** A table of one dimension in the format .cube, the same for red, green and blue, over signals from 0 to 1. */
export function cube(title: string, entries: number, valueOf: (signal: number) => number): string {
  const lines = Array.from({ length: entries }, (_, entry) => {
    const value = valueOf(entry / (entries - 1)).toFixed(7);
    return `${value} ${value} ${value}\n`;
  });
  return `TITLE "${title}"\nLUT_1D_SIZE ${entries}\n${lines.join("")}`;
}
