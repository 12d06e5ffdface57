import { matchesGlob } from 'node:path';

/** One instruction, such as COPY with its arguments. */
interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** What follows one FROM. */
export interface Stage {
  readonly base: string;
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

const known = ['COPY', 'RUN', 'WORKDIR', 'ENV', 'USER', 'EXPOSE', 'HEALTHCHECK', 'ENTRYPOINT', 'CMD'];

/** @throws Error for an instruction that these tests cannot carry out */
export function parseDockerfile(text: string): Stage[] {
  const stages: { base: string; name: string | undefined; instructions: Instruction[] }[] = [];
  const lines = text.replace(/^\s*#.*\n/gm, '').replace(/\\\n/g, ' ');
  for (const [, name = '', rest = ''] of lines.matchAll(/^\s*(\S+)\s+(.*?)\s*$/gm)) {
    const [, base = '', stage] = (name === 'FROM' && /^(\S+)(?: AS (\S+))?$/.exec(rest)) || [];
    if (base !== '') stages.push({ base, name: stage, instructions: [] });
    else if (known.includes(name)) stages.at(-1)?.instructions.push({ name, text: rest });
    else throw new Error(`The tests do not know how to carry out: ${name} ${rest}`);
  }
  return stages;
}

/** The last one with this name; with all others it would be ignored. */
export function textOf({ instructions }: Stage, name: string): string {
  return instructions.findLast((instruction) => instruction.name === name)?.text ?? '';
}

/** A command in exec form. @throws Error if it is in shell form, where a shell would receive the signals */
export function readCommand(text: string): string[] {
  const command: unknown = JSON.parse(text);
  if (!Array.isArray(command)) throw new Error(`Not a command in exec form: ${text}`);
  return command.map(String);
}

/** Whether the lines of a .dockerignore exclude a path: the last pattern that matches it, or a folder above it, decides. */
export function isIgnored(path: string, dockerignore: string): boolean {
  const parents = path.split('/').map((_part, index, parts) => parts.slice(0, index + 1).join('/'));
  const patterns = dockerignore.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const decisive = patterns.findLast((pattern) =>
    parents.some((parent) => matchesGlob(parent, pattern.replace(/^!/, ''))),
  );
  return decisive !== undefined && !decisive.startsWith('!');
}
