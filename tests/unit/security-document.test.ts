import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, type GraphQLField, getNamedType, isInputObjectType } from 'graphql';
import { expect, test } from 'vitest';
import type { AuthServices } from '../../src/auth/auth-services.ts';
import {
  emailChangeBudget,
  logInBudgets,
  mailSenderBudgets,
  noticeBudget,
  resetBudget,
  verificationBudget,
} from '../../src/auth/throttling/budgets.ts';
import { loadConfig } from '../../src/config.ts';
import { authenticatedFields } from '../../src/graphql/checks/authenticated-fields.ts';
import { createSchema } from '../../src/schema.ts';

const read = (path: string) => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');
const text = read('docs/security.md');
const schema = buildSchema(read('schema.graphql'));
const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});

/** The code spans in a part of the document. */
const codeIn = (part = '') => [...part.matchAll(/`([\w ]+)`/g)].map(([, code = '']) => code);

test('docs/security.md lists, under Authorization, exactly the root fields that need no log-in', () => {
  createSchema({} as AuthServices);
  const authenticated = authenticatedFields();
  const open = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
    Object.keys(type?.getFields() ?? {}).filter((field) => !authenticated.has(`${type?.name}.${field}`)),
  );
  const [, listed] = /^- Without a log-in there are (.*?)\. /ms.exec(text) ?? [];
  expect(codeIn(listed).sort()).toEqual(open.sort());
});

const inputsOf = ({ args }: GraphQLField<unknown, unknown>): string[] => {
  const types = args.map(({ type }) => getNamedType(type)).filter(isInputObjectType);
  return types.flatMap((type) => Object.keys(type.getFields()));
};

test('docs/security.md lists each mutation that returns tokens or takes a password among the ways in', () => {
  const ways = mutations.filter(
    (field) => getNamedType(field.type).name === 'AuthPayload' || /password/i.test(inputsOf(field).join()),
  );
  expect(ways.length).toBeGreaterThan(4);
  const [, table = ''] = /\*\*Ways in\.\*\*.*?((?:^\|.*\n)+)/ms.exec(text) ?? [];
  const listed = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
  expect(listed.sort()).toEqual(ways.map(({ name }) => name).sort());
});

test('an account has no hint and no secret question', () => {
  const names = mutations.filter((field) => /password/i.test(inputsOf(field).join())).flatMap(inputsOf);
  expect(names).toContain('currentPassword');
  expect(names.filter((name) => /hint|question|answer/i.test(name))).toEqual([]);
  const signup = mutations.find(({ name }) => name === 'signup');
  expect(signup && inputsOf(signup)).toEqual(['email', 'password', 'timeZone']);
});

test('docs/security.md gives the limits of log-ins and sign-ups', () => {
  const { own, shared } = logInBudgets('ada@example.com', '192.0.2.7', false);
  const [fromNetwork, ofAccount] = shared;
  expect([own, ofAccount, fromNetwork].map((budget) => budget?.window)).toEqual([900, 900, 900]);
  const rows = [...text.matchAll(/^\| (?:failed log-ins)? ?\| (\d+) in 15 minutes \| /gm)].map(([, count]) =>
    Number(count),
  );
  expect(rows).toEqual([own, ofAccount, fromNetwork].map((budget) => budget?.attempts));
  const { signUpsPerHour } = loadConfig({
    DATABASE_URL: 'postgresql://u:p@h/d',
    JWT_SECRET: 'Zk3vQ8sT1xWcR7yBn5mLp0aHd9fGj2eU',
  });
  expect(text).toMatch(new RegExp(`^\\| sign-ups.*\\| ${signUpsPerHour} in an hour \\(\`SIGNUPS_PER_HOUR\`\\) `, 'm'));
});

test('docs/security.md gives the limits of mails', () => {
  const [email, network] = ['ada@example.com', '192.0.2.7'];
  const ofAddress = [resetBudget, emailChangeBudget, verificationBudget, noticeBudget].map((budgetOf) =>
    budgetOf(email),
  );
  const budgets = [...ofAddress, ...mailSenderBudgets(network, 'an id')];
  const seconds: Record<string, number> = { 'an hour': 3_600, '30 minutes': 1_800 };
  const rows = text.matchAll(/^\| (?:.*\bmails\b.*)?\| (\d+) in (an hour|30 minutes) \| /gm);
  const limits = [...rows].map(([, count, period = '']) => ({ attempts: Number(count), window: seconds[period] }));
  expect(limits).toEqual(budgets.map(({ attempts, window }) => ({ attempts, window })));
});

test('docs/security.md gives the lifetimes of tokens and sessions', () => {
  const { accessTokenTtl, refreshTokenTtl, sessionMaxAge } = loadConfig({});
  const lifetimes = {
    ACCESS_TOKEN_TTL: accessTokenTtl,
    REFRESH_TOKEN_TTL: refreshTokenTtl,
    SESSION_MAX_AGE: sessionMaxAge,
  };
  for (const [name, seconds] of Object.entries(lifetimes)) {
    expect(text).toMatch(new RegExp(`^\\| [^|]*\\| ${seconds / 86_400} days[^|]*\\| \`${name}\` \\|$`, 'm'));
  }
});
