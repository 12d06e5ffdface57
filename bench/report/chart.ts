import { type Operation, operationTitles } from '../operations.ts';
import { type Figures, formatMicros } from '../results.ts';
import type { Server } from '../server.ts';
import { having } from '../sides.ts';

// Pixels.
const width = 760;
const labelWidth = 250;
const valueWidth = 80;
const barHeight = 18;
const rowHeight = 24;
const headingHeight = 34;
const panelGap = 18;

/** A panel of bars for each operation: processor time of a request, each panel on a scale of its own. */
export function drawChart(figures: Figures, servers: readonly Server[]): string {
  const panels: string[] = [];
  let top = panelGap;
  for (const operation of Object.keys(figures) as Operation[]) {
    const shown = having(operation, servers);
    panels.push(drawPanel(figures, shown, operation, top));
    top += headingHeight + shown.length * rowHeight + panelGap;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${top}" viewBox="0 0 ${width} ${top}" \
font-family="system-ui, sans-serif" font-size="13">
<title>Processor time of each side for a request</title>
<rect width="100%" height="100%" fill="#ffffff"/>
${panels.join('\n')}
</svg>
`;
}

function drawPanel(figures: Figures, servers: readonly Server[], operation: Operation, top: number): string {
  const costs = servers.map(({ side }) => figures[operation]?.[side.name] ?? nothing);
  const most = Math.max(...costs.map(({ cpuMicros }) => cpuMicros));
  const longest = width - labelWidth - valueWidth - 20;
  const bars = servers.map(({ side }, index) => {
    const { cpuMicros, serverMicros } = costs[index] ?? nothing;
    const y = top + headingHeight + index * rowHeight;
    const [length = 1, serverLength = 1] = [cpuMicros, serverMicros].map((micros) =>
      Math.max(1, Math.round((micros / most) * longest)),
    );
    const [server, both] = side.name === 'todoql' ? ['#2f6fde', '#8fb3f0'] : ['#9aa5b4', '#cfd6df'];
    return [
      `<text x="${labelWidth - 8}" y="${y + 14}" text-anchor="end" fill="#1f2933">${escapeXml(shorten(side.title))}</text>`,
      `<rect x="${labelWidth}" y="${y}" width="${length}" height="${barHeight}" rx="2" fill="${both}"/>`,
      `<rect x="${labelWidth}" y="${y}" width="${serverLength}" height="${barHeight}" rx="2" fill="${server}"/>`,
      `<text x="${labelWidth + length + 6}" y="${y + 14}" fill="#1f2933">${formatMicros(cpuMicros)}</text>`,
    ].join('\n');
  });
  const heading = `${operation}: ${operationTitles[operation]}, CPU µs a request (dark: the server, light: PostgreSQL)`;
  return `<text x="12" y="${top + 16}" font-weight="600" fill="#1f2933">${escapeXml(heading)}</text>\n${bars.join('\n')}`;
}

const nothing = { cpuMicros: 0, serverMicros: 0 };

/** What stands before a colon is enough of a name beside a bar. */
const shorten = (title: string): string => title.split(':')[0]?.slice(0, 40) ?? title;

const escapeXml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
