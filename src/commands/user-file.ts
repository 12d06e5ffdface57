import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { StartError } from '../errors.ts';

/** One account from a line of a file, unchecked, or the reason why the line cannot be read. */
type Fields = { readonly email: unknown; readonly hash: unknown } | { readonly problem: string };

/** Lines are counted from 1. */
export type UserRecord = Fields & { readonly line: number };

// Names of the column in passlib's documentation and FastAPI's tutorial.
const hashNames = ['password_hash', 'hash', 'hashed_password'];

/** Characters, more than any account needs: a file without line breaks must not fill the memory. */
const longestLine = 100_000;

/**
 * Reads accounts one by one: JSON lines if the file begins with a brace, otherwise CSV whose first line names the columns.
 * @throws StartError if the file cannot be read, or is neither
 */
export async function* readUserFile(file: string): AsyncGenerator<UserRecord> {
  try {
    const chunks = createReadStream(file, 'utf8')[Symbol.asyncIterator]();
    const first = await chunks.next();
    const start = String(first.done ? '' : first.value).replace(/^\uFEFF/, '');
    if (start.trim() === '') throw new StartError(`There is nothing in ${file}.`);
    const all = withPlainLineBreaks(startingWith(start, chunks));
    if (start.trimStart().startsWith('[')) throw new StartError(`${file} is one JSON array: give one object per line.`);
    yield* start.trimStart().startsWith('{') ? readJsonLines(all) : readCsv(all);
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall !== undefined) throw new StartError(`The file ${file} cannot be read (${code}).`);
    throw error;
  }
}

async function* startingWith(start: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield start;
  yield* rest;
}

/** CR LF becomes LF: inside quotation marks csv-parse counts it as two lines. */
async function* withPlainLineBreaks(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let held = '';
  for await (const chunk of chunks) {
    const text = held + chunk;
    // Its LF may come with the next chunk.
    held = text.endsWith('\r') ? '\r' : '';
    yield text.slice(0, text.length - held.length).replaceAll('\r\n', '\n');
  }
  yield held;
}

async function* readJsonLines(chunks: AsyncIterable<string>): AsyncGenerator<UserRecord> {
  let line = 0;
  for await (const text of linesOf(chunks)) {
    line += 1;
    if (text.trim() !== '') yield { line, ...readJson(text) };
  }
}

/** node:readline would also break lines at U+2028, which is allowed in JSON strings. */
async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > longestLine) throw new StartError(`A line is longer than ${longestLine} characters.`);
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function readJson(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return readFields(Object.entries(value));
  } catch {
    // Without the parser's message, which repeats the text with the hash.
  }
  return { problem: 'This is not a JSON object on one line.' };
}

async function* readCsv(chunks: AsyncIterable<string>): AsyncGenerator<UserRecord> {
  // "info" gives line numbers; a wrong number of fields is a problem of one line, not of the file.
  const parser = parse({ info: true, relax_column_count: true, skip_empty_lines: true, max_record_size: longestLine });
  let header: string[] | null = null;
  try {
    for await (const { record, info } of Readable.from(chunks).compose(parser)) {
      if (header === null) header = checkedHeader(record);
      else yield { line: info.lines, ...readRow(header, record) };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // Without csv-parse's message, which may repeat a field. After a stray quotation mark, the rest cannot be trusted.
    throw new StartError(`The CSV cannot be read from line ${error.lines} on (${error.code}). Nothing was imported.`);
  }
}

function checkedHeader(record: readonly string[]): string[] {
  const names = record.map((name) => name.trim().toLowerCase());
  if (names.includes('email') && hashNames.some((name) => names.includes(name))) return names;
  throw new StartError(
    `The first line of a CSV file has to name the columns, separated by commas: email and ${hashNames.join(' or ')}.`,
  );
}

function readRow(header: readonly string[], record: readonly string[]): Fields {
  if (record.length === header.length) return readFields(header.map((name, index) => [name, record[index]]));
  return { problem: `This line has ${record.length} fields, the first line ${header.length}.` };
}

function readFields(fields: readonly (readonly [name: string, value: unknown])[]): Fields {
  const values = new Map(fields);
  const hashName = hashNames.find((name) => values.has(name)) ?? '';
  return { email: values.get('email'), hash: values.get(hashName) };
}
