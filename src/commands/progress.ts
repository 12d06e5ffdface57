/** Where progress is shown: standard error, so that standard output holds the result alone. */
interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const barWidth = 30;

/** Milliseconds between two drawings of the bar. */
const redrawAfter = 100;

/**
 * Shows how far a long command is: a bar that is redrawn on a terminal, a line for every tenth anywhere else.
 * @returns a function to call with how many are done by now, of `total`
 */
export function showProgress(
  total: number,
  things: string,
  terminal: Terminal = process.stderr,
): (done: number) => void {
  const describe = (done: number): string => {
    const percent = Math.floor((100 * done) / total);
    return `${percent} %, ${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${things}`;
  };
  return terminal.isTTY ? drawBar(total, describe, terminal) : printTenths(total, describe, terminal);
}

type Describe = (done: number) => string;

function drawBar(total: number, describe: Describe, terminal: Terminal): (done: number) => void {
  let drawnAt = 0;
  return (done) => {
    const isEnd = done >= total;
    if (!isEnd && performance.now() - drawnAt < redrawAfter) return;
    drawnAt = performance.now();
    const bar = '█'.repeat(Math.floor((barWidth * done) / total)).padEnd(barWidth, '░');
    // The cursor goes back to the line's start, and what a longer line left behind it is cleared.
    terminal.write(`\r${bar} ${describe(done)}\x1b[K${isEnd ? '\n' : ''}`);
  };
}

function printTenths(total: number, describe: Describe, terminal: Terminal): (done: number) => void {
  let printed = 0;
  return (done) => {
    const tenths = Math.floor((10 * done) / total);
    if (tenths <= printed) return;
    printed = tenths;
    terminal.write(`${describe(done)}\n`);
  };
}
