import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/** An invalid argument of a command. The message continues after the command's name. */
export class UsageError extends Error {}

/** Parses the arguments of a command: its options, and exactly the operands given. @throws UsageError */
export function readArguments<Options extends ParseArgsOptionsConfig>(
  args: string[],
  options: Options,
  operands: readonly string[] = [],
) {
  const { values, positionals } = parse(args, options);
  const extra = positionals[operands.length];
  if (extra !== undefined) throw new UsageError(`does not take "${extra}"`);
  const missing = operands[positionals.length];
  if (missing !== undefined) throw new UsageError(`needs ${/^[AEIO]/.test(missing) ? 'an' : 'a'} ${missing}`);
  return { values, operands: positionals };
}

function parse<Options extends ParseArgsOptionsConfig>(args: string[], options: Options) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const argument = /'(--?[\w-]+)/.exec(message)?.[1] ?? '';
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') throw new UsageError(`does not take "${argument}"`);
    if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE')
      throw new UsageError(`has a missing or unexpected value for "${argument}"`);
    throw error;
  }
}

/** @throws UsageError unless the value is a whole number from 1 to a million */
export function readCount(option: string, value: string): number {
  const count = Number(value);
  if (/^\d{1,7}$/.test(value) && count >= 1 && count <= 1_000_000) return count;
  throw new UsageError(`takes a whole number from 1 to 1,000,000 as ${option}, not "${value}"`);
}
