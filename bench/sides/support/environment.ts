/** What every side is told. */
export interface Environment {
  readonly port: number;
  readonly host: string;
  readonly databaseUrl: string;
  readonly secret: string;
}

export function readEnvironment(): Environment {
  const { PORT, HOST = '127.0.0.1', DATABASE_URL, JWT_SECRET } = process.env;
  if (!DATABASE_URL || !JWT_SECRET) throw new Error('DATABASE_URL and JWT_SECRET are required.');
  return { port: Number(PORT ?? 0), host: HOST, databaseUrl: DATABASE_URL, secret: JWT_SECRET };
}
