import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { StartError } from '../errors.ts';

/**
 * Reads what follows a command's name: its options, and exactly the operands that are named.
 * @throws StartError saying which argument does not fit
 */
export function readArguments<Options extends ParseArgsOptionsConfig>(
  command: string,
  args: readonly string[],
  options: Options,
  operands: readonly string[] = [],
) {
  const { values, positionals } = parse(command, args, options);
  const extra = positionals[operands.length];
  if (extra !== undefined) throw misfit(command, `does not take "${extra}"`);
  const missing = operands[positionals.length];
  if (missing !== undefined) throw misfit(command, `needs a ${missing}`);
  return { values, operands: positionals };
}

function parse<Options extends ParseArgsOptionsConfig>(command: string, args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const argument = /'(--?[\w-]+)/.exec(message)?.[1] ?? '';
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') throw misfit(command, `does not take "${argument}"`);
    if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE')
      throw misfit(command, `was given no value for "${argument}", or one that does not fit`);
    throw error;
  }
}

/** @throws StartError where the value of this option is not a whole number from 1 to `max` */
export function readCount(command: string, option: string, value: string, max: number): number {
  const count = Number(value);
  if (/^\d{1,9}$/.test(value) && count >= 1 && count <= max) return count;
  throw misfit(command, `takes a whole number from 1 to ${max.toLocaleString('en')} as ${option}, not "${value}"`);
}

/** An argument that does not fit its command. */
export function misfit(command: string, problem: string): StartError {
  return new StartError(`The command ${command} ${problem}.\nSee: npm start -- help`);
}
