/** Progress goes to standard error, so that standard output contains only the result. */
interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const barWidth = 30;

/** Milliseconds between updates of the bar. */
const redrawAfter = 100;

/** Shows progress: a bar on a terminal, otherwise a line for every tenth. @returns a function that takes the number done */
export function showProgress(total: number, things: string, terminal: Terminal = process.stderr) {
  let shownAt = 0;
  let shownTenths = 0;
  return (done: number): void => {
    const isEnd = done >= total;
    const now = performance.now();
    const tenths = Math.floor((10 * done) / total);
    const isDue = terminal.isTTY ? isEnd || now - shownAt >= redrawAfter : tenths > shownTenths;
    if (!isDue) return;
    shownAt = now;
    shownTenths = tenths;
    const percent = Math.floor((100 * done) / total);
    const text = `${percent} %, ${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${things}`;
    const bar = '█'.repeat(Math.floor((barWidth * done) / total)).padEnd(barWidth, '░');
    // The cursor goes back to the line's start, and what a longer line left behind it is cleared.
    terminal.write(terminal.isTTY ? `\r${bar} ${text}\x1b[K${isEnd ? '\n' : ''}` : `${text}\n`);
  };
}
