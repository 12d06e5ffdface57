import type { FormattedExecutionResult } from 'graphql';

/** An answer's data, printed already. */
export class PrintedData {
  // Apollo takes data for an object of any fields.
  readonly [field: string]: unknown;

  constructor(readonly json: string) {}
}

/** Prints an answer as Apollo would. */
export function stringifyResult(result: FormattedExecutionResult): string {
  const { data, ...others } = result;
  if (!(data instanceof PrintedData)) return `${JSON.stringify(result)}\n`;
  const rest = JSON.stringify(others).slice(1, -1);
  return `{"data":${data.json}${rest && `,${rest}`}}\n`;
}
