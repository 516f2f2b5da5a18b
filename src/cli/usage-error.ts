/** The command line was written wrong; its message says what is right. Ends the program with 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}
