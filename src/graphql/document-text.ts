import { AppError, ErrorCode } from '../errors.ts';
import { printFigure } from './figures.ts';
import { limits } from './limits.ts';
import { refuse } from './refusal.ts';

/**
 * Refuses a document that would be long in reading, before anything of it is read. The parser counts tokens; what fills a
 * document without being one is bounded here.
 * @param text what the request carries as its document, if it does
 * @throws QUERY_TOO_COMPLEX
 */
export function refuseLongText(text: unknown): void {
  if (typeof text !== 'string') return;
  if (text.length > limits.characters) {
    const most = printFigure(limits.characters);
    throw tooLong(`at most ${most} characters. Send long texts as variables.`);
  }
  if (isSlowToRead(text)) {
    const most = printFigure(limits.marks);
    throw tooLong(
      `at most ${most} comments, escape sequences and lines of block strings. Send long texts as variables.`,
    );
  }
}

/**
 * Each of these takes the parser as long as a token, and none is one. Counted wherever they stand, in texts too: a closer
 * look would take longer, and so many are in no usual document.
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
  return refuse(new AppError(ErrorCode.QUERY_TOO_COMPLEX, `This operation is too long: ${bound}`));
}
