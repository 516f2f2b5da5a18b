const TITLES: Record<string, string> = { localauth: "Sign-in with a password" };

/** A setting's name as people read it: Frames per render task. */
export function tellSetting(name: string): string {
  return TITLES[name] ?? (name.charAt(0).toUpperCase() + name.slice(1)).replaceAll("-", " ");
}

/** A setting's value as people write it: bytes with their unit where that is exact. */
export function tellSettingValue(value: string, kind: "switch" | "number" | "size" | "text"): string {
  if (kind !== "size") return value;
  const units = [
    ["TB", 1e12],
    ["GB", 1e9],
    ["MB", 1e6],
    ["kB", 1e3],
  ] as const;
  const unit = units.find(([, bytes]) => Number(value) % bytes === 0);
  return unit ? `${Number(value) / unit[1]} ${unit[0]}` : value;
}
