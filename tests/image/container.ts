import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Image } from './build.ts';

/** A command to spawn, with its whole environment. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** What the base image has: the official one's user, its Node.js, and Debian's libraries. */
const node = '/usr/local/bin/node';
const user = { name: 'node', id: '1000' };
const folders = ['lib', 'lib64', 'usr/lib', 'dev'];

// Runs "$@" as process 1 without rights, in a root folder that it cannot write to, with a tmpfs as /tmp.
const script = `
root=$1 node=$2 workdir=$3 user=$4
shift 4
mount --make-rprivate /
mount --bind "$root" "$root"
for folder in ${folders.join(' ')}; do
  [ ! -d "/$folder" ] || mount --rbind "/$folder" "$root/$folder"
done
mount --bind "$node" "$root${node}"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/tmp"
mount -o remount,bind,ro "$root"
exec unshare --root="$root" --wd="$workdir" --setgid="$user" --setuid="$user" -- "$@"
`;

/** Whether this process may do what a container needs: mount, and change the root folder and the user. */
export const canIsolate =
  process.platform === 'linux' && spawnSync('unshare', ['--mount', '--pid', '--fork', 'true']).status === 0;

/** Makes the folders and files of the base image that the final stage's files lie on. */
export async function addBase({ root, user: name }: Image): Promise<void> {
  if (name !== user.name) throw new Error(`The base image has no user "${name}" but ${user.name}.`);
  for (const folder of [...folders, 'usr/local/bin', 'proc', 'tmp', 'etc'])
    await mkdir(join(root, folder), { recursive: true });
  await writeFile(join(root, node), '');
  await writeFile(join(root, 'etc/passwd'), `${user.name}:x:${user.id}:${user.id}::/home/${user.name}:/bin/sh\n`);
}

/** `docker run`, with the image's entrypoint unless another is given. Without isolation: the same, as this user. */
export function runCommand(image: Image, env: Command['env'], args = image.command, entrypoint = image.entrypoint) {
  const command = [...entrypoint, ...args];
  const all = environment(image, env);
  if (!canIsolate) return directly(image, command, all);
  const values = [image.root, process.execPath, image.workdir, user.id, ...command];
  const isolation = ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-ec', script, 'sh'];
  return { file: 'unshare', args: [...isolation, ...values], env: all, cwd: '/' };
}

/** What Docker runs for HEALTHCHECK in the container whose first process has this id. */
export function healthCommand(image: Image, env: Command['env'], pid: number): Command {
  const all = environment(image, env);
  if (!canIsolate) return directly(image, image.healthcheck, all);
  const where = [`--target=${pid}`, '--mount', '--pid', '--root', '--wd', `--setuid=${user.id}`, `--setgid=${user.id}`];
  return { file: 'nsenter', args: [...where, '--', ...image.healthcheck], env: all, cwd: '/' };
}

/** The container's first process, seen from here: unshare waits for it, and passes no signals on. */
export async function firstProcess(pid: number): Promise<number> {
  if (!canIsolate) return pid;
  return Number((await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim());
}

function directly({ root, workdir }: Image, [file = '', ...args]: readonly string[], env: Command['env']): Command {
  return { file: file === 'node' ? process.execPath : file, args, env, cwd: join(root, workdir) };
}

function environment(image: Image, env: Command['env']): Command['env'] {
  return { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', ...image.env, ...env };
}
