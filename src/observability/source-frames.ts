import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The same from src/ and from dist/. */
const root = join(import.meta.dirname, '../..');
const dist = pathToFileURL(join(root, 'dist/')).href;

/**
 * Maps the frames of a stack to the sources. Node.js would read all source maps at the start, which doubles its time.
 * @param known frames that were mapped before; the maps themselves (30 MB) are not kept
 */
export function locateFrames(stack: string, known = new Map<string, string>()): string {
  const maps = new Map<string, SourceMap | null>();
  return stack.replace(/file:[^\s()]+:\d+:\d+/g, (frame) => {
    if (!frame.startsWith(dist)) return frame;
    const located = known.get(frame) ?? locateFrame(frame, maps);
    known.set(frame, located);
    return located;
  });
}

function locateFrame(frame: string, maps: Map<string, SourceMap | null>): string {
  const [, url = '', line, column] = /^(.+):(\d+):(\d+)$/.exec(frame) ?? [];
  const map = maps.get(url) ?? readMap(url);
  maps.set(url, map);
  const origin = map?.findOrigin(Number(line), Number(column));
  if (!origin || !('fileName' in origin)) return frame;
  const file = fileURLToPath(new URL(origin.fileName, url));
  return `${relative(root, file)}:${origin.lineNumber}:${origin.columnNumber}`;
}

function readMap(url: string): SourceMap | null {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(url)}.map`, 'utf8')));
  } catch {
    return null;
  }
}
