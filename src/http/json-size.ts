import { AppError, ErrorCode } from '../errors.ts';
import { limits } from '../graphql/checks/limits.ts';
import { formatInteger } from '../graphql/format-integer.ts';

/** Per request: the limits of variables, and some more for what surrounds them. */
const maximumCommas = limits.variableValues + 100;
const maximumDepth = limits.variablesDepth + 10;

/**
 * Rejects JSON with more values or levels than any operation may have, before it is parsed: 120,000 brackets took the parser
 * 8 ms. The narrower limits of variables are checked after parsing.
 */
export function rejectLargeJson(json: string): void {
  let commas = 0;
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (character === '"') at = endOfText(json, at);
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    else if (character === ',') commas += 1;
    if (commas > maximumCommas || depth > maximumDepth) throw tooLarge();
  }
}

/** The end of the string that starts there, or of the JSON. */
function endOfText(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end === -1 ? json.length : end;
}

function isEscaped(json: string, at: number): boolean {
  let first = at;
  while (json[first - 1] === '\\') first -= 1;
  return (at - first) % 2 === 1;
}

function tooLarge(): AppError {
  const message = `This operation asks for too much: more than ${formatInteger(maximumCommas)} values or ${maximumDepth} levels.`;
  return new AppError(ErrorCode.QUERY_TOO_COMPLEX, message);
}
