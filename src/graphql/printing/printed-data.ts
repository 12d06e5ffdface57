import type { FormattedExecutionResult } from 'graphql';

/** An answer's data, printed already. */
export class PrintedData {
  // Apollo takes data for an object of any fields.
  readonly [field: string]: unknown;

  constructor(readonly json: string) {}
}

/** Prints an answer as Apollo would. */
export function stringifyResult(result: FormattedExecutionResult): string {
  if (!(result.data instanceof PrintedData)) return `${JSON.stringify(result)}\n`;
  // In the order that Apollo gives them.
  const members = Object.entries(result).flatMap(([key, value]) => {
    if (value === undefined) return [];
    return `${JSON.stringify(key)}:${value instanceof PrintedData ? value.json : JSON.stringify(value)}`;
  });
  return `{${members.join()}}\n`;
}
