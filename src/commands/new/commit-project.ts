import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const message = 'Start the project';

/** Makes a repository and the first commit, as far as git can. @returns a sentence on what it did, or what is to do */
export async function commitProject(folder: string): Promise<string> {
  const git = async (...args: string[]): Promise<string | null> => {
    try {
      await promisify(execFile)('git', args, { cwd: folder });
      return null;
    } catch (error) {
      const { code, stderr = '' } = error as NodeJS.ErrnoException & { stderr?: string };
      return code === 'ENOENT' ? 'it is not installed' : (stderr.trim().split('\n').at(-1) ?? 'it failed');
    }
  };
  const isInside = (await git('rev-parse', '--git-dir')) === null;
  if (isInside) return 'It is part of the git repository that its folder belongs to, and is not committed yet.';
  const initProblem = (await git('init', '--quiet')) ?? (await git('add', '--all'));
  if (initProblem !== null) return `git did not make a repository of it (${initProblem}).`;
  const commitProblem = await git('commit', '--quiet', '--message', message);
  if (commitProblem === null) return 'It is a git repository with one commit.';
  return `git did not commit it (${commitProblem}). When it can: git commit -m "${message}"`;
}
