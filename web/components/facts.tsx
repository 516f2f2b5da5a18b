import type { Child } from "#jsx/jsx-runtime";

/** Facts as pairs of a name and a value; those whose value is null or empty are left out. */
export function Facts({ of }: { of: readonly (readonly [name: Child, value: Child])[] }) {
  const known = of.filter(([, value]) => value !== null && value !== undefined && value !== "" && value !== false);
  return (
    <dl class="facts">
      {known.map(([name, value]) => (
        <div>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
