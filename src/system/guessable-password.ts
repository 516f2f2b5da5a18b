/** Fewer guesses than this do not even stop somebody who can try only slowly (zxcvbn's scores 0 and 1; Wheeler, USENIX Security 2016). */
const FEWEST_GUESSES_LOG10 = 6;

/** What stands before is looked at: the time that it takes grows with the square of the length, and this much is plenty. */
const LOOKED_AT_LENGTH = 64;

let estimator: Promise<{ check: (password: string, own: string[]) => { guessesLog10: number } }> | null = null;

/**
 * Says whether a password is a common one, or so near to one (or to the person's own words) that it is guessed soon: `password1234`,
 * `aaaaaaaaaaaa`, `qwertyuiop[]`. Takes milliseconds, and a tenth of a second the first time, when the list of 49,000 is unpacked.
 */
export async function isGuessable(password: string, ownWords: readonly string[]): Promise<boolean> {
  estimator ??= load();
  const own = ownWords.filter((word) => word.length > 2);
  return (await estimator).check(password.slice(0, LOOKED_AT_LENGTH), own).guessesLog10 < FEWEST_GUESSES_LOG10;
}

async function load() {
  const { ZxcvbnFactory } = await import("@zxcvbn-ts/core");
  const { adjacencyGraphs, dictionary } = await import("@zxcvbn-ts/language-common");
  return new ZxcvbnFactory({
    graphs: adjacencyGraphs,
    dictionary: { "passwords-common": dictionary["passwords-common"] },
  });
}
