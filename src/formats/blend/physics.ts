import type { Simulation, SimulationKind } from "./simulations.ts";

/** A simulation that was not baked: frames rendered on their own, or on several machines, will not show what the artist saw. */
export type UnbakedPhysics = {
  kind: SimulationKind;
  /** Name of the object; of the scene, for rigid bodies. */
  object: string;
};

/** The simulations that were not baked; of several alike on one object, one. */
export function unbakedPhysics(simulations: readonly Simulation[]): UnbakedPhysics[] {
  const unbaked = new Map<string, UnbakedPhysics>();
  for (const { kind, object, baked } of simulations) if (!baked) unbaked.set(`${kind} ${object}`, { kind, object });
  return [...unbaked.values()];
}
