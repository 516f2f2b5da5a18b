/** What runs long can be stopped; `stop` may be called twice and waits until it is over. */
export type Stoppable = { stop: () => Promise<void> };

/** Collects what was started, and stops it in the reverse order, each only once. */
export type StopStack = Stoppable & { add: (name: string, stop: () => Promise<void> | void) => void };

/** Makes an empty stack; a step that fails does not keep the others from stopping, and its error is thrown at the end. */
export function createStopStack(): StopStack {
  const steps: { name: string; stop: () => Promise<void> | void }[] = [];
  let stopping: Promise<void> | null = null;
  const run = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (let step = steps.pop(); step; step = steps.pop()) {
      try {
        await step.stop();
      } catch (error) {
        failures.push(new Error(`stopping ${step.name}`, { cause: error }));
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, "not everything stopped in order");
  };
  return {
    add: (name, stop) => void steps.push({ name, stop }),
    stop: () => (stopping ??= run()),
  };
}
