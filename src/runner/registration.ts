import type { RegisterAnswer, RegisterBody } from "#protocol/runner.ts";
import type { ManagerClient } from "./manager-client.ts";
import { ManagerRefusal } from "./manager-errors.ts";
import { retrying, type Patience } from "./retry.ts";

/** Makes this process known to the manager. Throws `ManagerRefusal` when the manager says no, else the signal's reason. */
export type Register = (signal: AbortSignal) => Promise<RegisterAnswer>;

/**
 * Prepares the registration, which tries until the manager is there. It is made again when the manager does not know this runner
 * any more (its database was lost); two calls at once make one registration.
 * `onRefused` hears of a no, which is the end of this process.
 */
export function createRegistration(
  client: Pick<ManagerClient, "register">,
  body: RegisterBody,
  patience: Patience,
  onRefused: (refusal: ManagerRefusal) => void,
): Register {
  let underWay: Promise<RegisterAnswer> | null = null;
  const register: Register = async (signal) => {
    try {
      const call = () => client.register(body, signal);
      const answer = await retrying("registering with the manager", patience, signal, call);
      patience.log.info("registered with the manager", { runner: answer.name, id: answer.runnerId });
      return answer;
    } catch (error) {
      if (error instanceof ManagerRefusal) onRefused(error);
      throw error;
    }
  };
  return (signal) => {
    underWay ??= register(signal).finally(() => (underWay = null));
    return underWay;
  };
}
