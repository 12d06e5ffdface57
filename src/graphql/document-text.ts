import { AppError, ErrorCode } from '../errors.ts';
import { printFigure } from './figures.ts';
import { limits } from './limits.ts';
import { refuse } from './refusal.ts';

/**
 * Refuses a document that takes long to read, before anything of it is read. The parser counts tokens alone.
 * @param text what the request carries as its document, if it does
 * @throws QUERY_TOO_COMPLEX
 */
export function refuseLongText(text: unknown): void {
  if (typeof text !== 'string') return;
  if (text.length > limits.characters) throw tooLong(`${printFigure(limits.characters)} characters`);
  if (isSlowToRead(text)) {
    throw tooLong(`${printFigure(limits.marks)} comments, escape sequences and lines of block strings`);
  }
}

/**
 * Counts what takes the parser as long as a token, and is none. Wherever it stands, in texts too: a closer look would take
 * longer, and no usual document has so much of it.
 */
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
