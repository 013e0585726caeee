/** An argument as it is typed into a shell; pure. */

/** `argument` with quotes around it where a shell would not take it as one word. */
export function quoteArgument(argument: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(argument) ? argument : `"${argument.replace(/["$`]/g, '\\$&')}"`;
}
