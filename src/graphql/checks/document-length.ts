import { AppError, ErrorCode } from '../../errors.ts';
import { formatInteger } from '../format-integer.ts';
import { refuse } from '../server/refusal.ts';
import { limits } from './limits.ts';

/** Rejects a document that takes long to parse although it has few tokens. Errors: QUERY_TOO_COMPLEX. */
export function refuseLongText(text: unknown): void {
  if (typeof text !== 'string') return;
  if (text.length > limits.characters) throw tooLong(`${formatInteger(limits.characters)} characters`);
  if (isSlowToRead(text)) {
    throw tooLong(`${formatInteger(limits.marks)} comments, escape sequences and lines of block strings`);
  }
}

/** Counts marks that cost the parser as much as a token. Those inside strings count too: parsing them out costs more. */
function isSlowToRead(text: string): boolean {
  const marks = text.includes('"""') ? ['#', '\\', '\n', '\r'] : ['#', '\\'];
  let left: number = limits.marks;
  for (const mark of marks) {
    for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + 1)) {
      left -= 1;
      if (left < 0) return true;
    }
  }
  return false;
}

function tooLong(bound: string): Error {
  const message = `This operation is too long: at most ${bound}. Send long texts as variables.`;
  return refuse(new AppError(ErrorCode.QUERY_TOO_COMPLEX, message));
}
