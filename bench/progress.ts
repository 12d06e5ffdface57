/** A bar on a terminal; on anything else a line at each tenth, so that logs stay readable. @returns takes what is done */
export function showProgress(label: string, total: number): (done: number) => void {
  let shown = -1;
  const steps = process.stdout.isTTY ? 100 : 10;
  return (done) => {
    const step = Math.floor((done / total) * steps);
    if (step === shown) return;
    shown = step;
    const percent = String(Math.floor((done / total) * 100)).padStart(3);
    if (!process.stdout.isTTY) {
      if (step === steps) console.log(`${label}: ${total.toLocaleString('en')}`);
      else if (total >= 1_000_000) console.log(`${label}: ${percent} %`);
      return;
    }
    const bar = '█'.repeat(step / 4).padEnd(25, '░');
    process.stdout.write(`\r${label.padEnd(10)} ${bar} ${percent} %${done === total ? '\n' : ''}`);
  };
}
