import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { settingNames } from '../../src/config.ts';
import { repository } from '../support/program.ts';
import { isIgnored, parseDockerfile, textOf } from './dockerfile.ts';

/** Seconds that the server may need to stop, as docs/running.md says. */
const longestStop = 35;

const read = (file: string): string => readFileSync(join(repository, file), 'utf8');

/** The documents of a YAML file. Duplicate keys are errors. */
// biome-ignore lint/suspicious/noExplicitAny: documents of many shapes, and their values are compared right away
function readYaml(file: string): any[] {
  const documents = parseAllDocuments(read(file), { version: '1.2' });
  expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
  return documents.map((document) => document.toJS());
}

function expectSettings(names: readonly string[]): void {
  expect(names.length).toBeGreaterThan(1);
  expect(names.filter((name) => !settingNames.includes(name))).toEqual([]);
}

test('the image has the Node.js that package.json pins', () => {
  const { node } = JSON.parse(read('package.json')).dependencies;
  const stages = parseDockerfile(read('Dockerfile'));
  expect(stages.map(({ base }) => base)).toEqual([`node:${node}-trixie-slim`, `node:${node}-trixie-slim`]);
});

test('the image runs as a user without rights, and Docker asks whether it is healthy', () => {
  const final = parseDockerfile(read('Dockerfile')).at(-1);
  expect(final && [textOf(final, 'USER'), textOf(final, 'HEALTHCHECK')]).toEqual([
    'node',
    expect.stringMatching(/CMD \["node", "dist\/main\.js", "health"\]$/),
  ]);
});

test('an instruction that the tests cannot carry out is refused', () => {
  expect(() => parseDockerfile('FROM a\nADD x /\n')).toThrow('ADD x /');
  expect(parseDockerfile('# c\nFROM a AS b\nRUN x \\\n  # c\n  y\n')).toEqual([
    { base: 'a', name: 'b', instructions: [{ name: 'RUN', text: expect.stringMatching(/^x +y$/) }] },
  ]);
});

test('the build sees the sources, but no secret, no data and nothing that is installed', () => {
  const ignored = read('.dockerignore');
  const kept = ['package.json', 'package-lock.json', 'src/main.ts', 'bin/build.js', 'web/ide/package.json', 'LICENSE'];
  expect(kept.filter((path) => isIgnored(path, ignored))).toEqual([]);
  const left = ['.env', '.data/postgres/x', '.git/config', 'node_modules/x', 'web/node_modules/x', 'web/.env.local'];
  expect([...left, 'dist/main.js', 'tests/a.ts', 'database-url'].filter((path) => !isIgnored(path, ignored))).toEqual(
    [],
  );
});

test('compose.yaml has no secret, a volume that outlives containers, and waits for the database', () => {
  const [{ services, volumes }] = readYaml('compose.yaml');
  const { server, database } = services;
  expectSettings(Object.keys(server.environment));
  // In .env alone it would have no effect, and sign-up stay open.
  expect(Object.keys(server.environment)).toContain('SIGNUP');
  expect(server.environment.JWT_SECRET).toMatch(/^\$\{JWT_SECRET:\?[^}]+\}$/);
  expect(server.environment.DATABASE_URL).toMatch(/:\$\{POSTGRES_PASSWORD:\?[^}]+\}@database\//);
  expect(database.environment.POSTGRES_PASSWORD).toMatch(/^\$\{POSTGRES_PASSWORD:\?[^}]+\}$/);
  expect([server.read_only, server.tmpfs]).toEqual([true, '/tmp']);
  expect(server.depends_on.database.condition).toBe('service_healthy');
  expect(Number.parseInt(server.stop_grace_period, 10)).toBeGreaterThanOrEqual(longestStop);
  // Where the image of PostgreSQL 18 has its data; a volume elsewhere would stay empty.
  expect(database.image).toMatch(/^postgres:18-/);
  expect([database.volumes, Object.keys(volumes)]).toEqual([['database:/var/lib/postgresql'], ['database']]);
});

test('the objects of Kubernetes fit together, and the pod may take its time to stop', () => {
  const [deployment, service, budget] = readYaml('docs/hosting/kubernetes.yaml');
  expect([deployment.kind, service.kind, budget.kind]).toEqual(['Deployment', 'Service', 'PodDisruptionBudget']);
  const { metadata, spec: pod } = deployment.spec.template;
  for (const selected of [
    deployment.spec.selector.matchLabels,
    service.spec.selector,
    budget.spec.selector.matchLabels,
  ])
    expect(selected).toEqual(metadata.labels);
  const [container] = pod.containers;
  expectSettings(container.env.map(({ name }: { name: string }) => name));
  expect(container.ports[0].name).toBe(service.spec.ports[0].targetPort);
  const paths = ['startupProbe', 'livenessProbe', 'readinessProbe'].map((probe) => container[probe].httpGet.path);
  expect(paths).toEqual(['/livez', '/livez', '/readyz']);
  const mounted = container.volumeMounts.map(({ name }: { name: string }) => name);
  expect(mounted).toEqual(pod.volumes.map(({ name }: { name: string }) => name));
  expect([pod.securityContext.runAsNonRoot, container.securityContext.readOnlyRootFilesystem]).toEqual([true, true]);
  const { seconds } = container.lifecycle.preStop.sleep;
  expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(longestStop + seconds);
});

test('the unit of systemd names settings, and waits until the server has stopped', () => {
  const unit = read('docs/hosting/todoql.service');
  expect(unit).toContain(`\nTimeoutStopSec=${longestStop}\n`);
  expectSettings([...unit.matchAll(/[A-Z_]+(?==%d)/g)].map(([name]) => name));
});

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

// Skipped where there is no systemd, as on macOS: its own program reads the unit.
test.skipIf(!hasSystemd)('systemd understands every line of its unit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'todoql-systemd-'));
  try {
    // It looks for the program.
    const file = join(folder, 'todoql.service');
    writeFileSync(file, read('docs/hosting/todoql.service').replaceAll('/opt/todoql', repository));
    const { stderr } = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
    // It may have something to say about other units of this machine.
    expect(stderr.split('\n').filter((line) => line.includes('todoql'))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
