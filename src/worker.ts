import { setTimeout as delay } from 'node:timers/promises';
import { allJobs } from './all-jobs.ts';
import { AccountMail } from './auth/email/account-mail.ts';
import { EmailTokens } from './auth/email/email-tokens.ts';
import type { Config, ServerConfig } from './config.ts';
import { explainConnectionFailure } from './database/failures.ts';
import { migrate } from './database/migrate.ts';
import { openOrm } from './database/orm.ts';
import { requireTables } from './database/require-tables.ts';
import { ServiceDatabase } from './database/service-database.ts';
import { StartError } from './errors.ts';
import { Jobs } from './jobs/jobs.ts';
import { createMailer } from './mail/mailer.ts';
import type { Logger } from './observability/logger.ts';
import { localSecret } from './settings/local-secret.ts';

/** How to close what was opened, in the order in which it was opened. */
export type Closers = (() => Promise<unknown>)[];

export async function closeAll(closers: Closers): Promise<void> {
  for (let close = closers.pop(); close; close = closers.pop()) await close();
}

/** Works on jobs, without accepting requests. @returns how to stop it @throws StartError */
export async function startWorker(config: Config, databaseUrl: string, logger: Logger): Promise<() => Promise<void>> {
  const closers: Closers = [];
  try {
    const jwtSecret = config.jwtSecret ?? (await localSecret(config.dataDir));
    const mailer = createMailer(config, config.databaseUrl === null, Promise.resolve(serverUrl(config)));
    const accountMail = mailer && new AccountMail(mailer, new EmailTokens(jwtSecret, config.jwtSecretPrevious));
    const { jobs } = await openDatabase(
      { ...config, databaseUrl, jwtSecret, jobs: true },
      accountMail,
      logger,
      closers,
    );
    if (mailer === null) logger.info('mail is off: its jobs wait for one with SMTP_URL, MAIL_FROM and PUBLIC_URL');
    jobs.start();
    return () => closeAll(closers);
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

/** Where local mode's server listens by its settings, for links: it is another process. @throws StartError if they do not say */
function serverUrl({ databaseUrl, port, publicUrl, mailLinksUrl }: Config): string {
  if (databaseUrl === null && port === 0 && publicUrl === null && mailLinksUrl === null) {
    throw new StartError(
      'With PORT=0, links in mails would lead nowhere. Set PORT to that of the server, or PUBLIC_URL.',
    );
  }
  return `http://127.0.0.1:${port}`;
}

/** Brings the schema up to date. @param accountMail null: mail is off @throws StartError */
export async function openDatabase(
  config: ServerConfig,
  accountMail: AccountMail | null,
  logger: Logger,
  closers: Closers,
): Promise<{ serviceDatabase: ServiceDatabase; jobs: Jobs }> {
  const explain = (error: unknown) => explainConnectionFailure(error, config.databaseUrl);
  const orm = await openOrm(config.databaseUrl, config.databasePoolSize).catch(explain);
  closers.push(() => withinClosingTime(orm.close()));
  await migrate(orm, config.rowSecurity).catch(explain);
  await requireTables(orm).catch(explain);
  const serviceDatabase = new ServiceDatabase(orm, config.databasePrepared, logger, config.rowSecurity);
  closers.push(() => withinClosingTime(serviceDatabase.close()));
  const jobs = new Jobs({ serviceDatabase, logger }, allJobs(config, accountMail), config.jobs);
  closers.push(() => withinClosingTime(jobs.stop()));
  return { serviceDatabase, jobs };
}

/** Milliseconds for each thing that closes by way of the database, which may not answer. */
const closingTime = 3_000;

/** Resolves when the work is done or the time is over. */
async function withinClosingTime(work: Promise<unknown>): Promise<void> {
  const waiting = new AbortController();
  await Promise.race([work, delay(closingTime, null, { signal: waiting.signal })]).finally(() => waiting.abort());
}
