import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { verifierKey } from '#transparency';
import { EnvironmentError, readEnvironment } from './environment.ts';

const complaintAbout = (variables: Record<string, string>): string => {
  try {
    readEnvironment({}, variables);
    return 'none';
  } catch (error) {
    expect(error).toBeInstanceOf(EnvironmentError);
    return (error as Error).message;
  }
};

describe('the environment', () => {
  it('has a default for everything that is needed', () => {
    expect(readEnvironment({}, {})).toEqual({
      host: '127.0.0.1',
      port: 3000,
      dataDir: 'data',
      demoParticipants: 2,
      stores: 'embedded',
      logLevel: 'info',
      humanCheckDifficulty: 250_000,
      humanCheckLifetimeSeconds: 300,
      humanCheckInstances: 1,
      captchaWhen: 'suspicious',
      addressRecordHours: '1',
      captchaOnOutage: 'refuse',
      voteQueueLimit: 10_000,
      voteBatchLimit: 500,
      voteReceipts: 'on',
      witnessQuorum: 0,
      commit: 'unknown',
      rateLimit: 1500,
      streamLimit: 5_000,
      paredaoUser: 'auditor',
    });
  });

  it('takes variables, numbers as numbers', () => {
    const variables = { PORT: '8080', METRICS_PORT: '9000', DATA_DIR: '/srv', LOG_FILE: 'x.log', LOG_LEVEL: 'debug' };

    expect(readEnvironment({}, variables)).toMatchObject({
      port: 8080,
      metricsPort: 9000,
      dataDir: '/srv',
      logFile: 'x.log',
      logLevel: 'debug',
    });
  });

  it('prefers a variable to the default of a program, and that to the general one', () => {
    expect(readEnvironment({ port: 3002 }, {}).port).toBe(3002);
    expect(readEnvironment({ port: 3002 }, { PORT: '8080' }).port).toBe(8080);
  });

  it('takes witnesses, and no quorum that they cannot make', () => {
    const key = generateKeyPairSync('ed25519').privateKey;
    const WITNESSES = `${verifierKey('auditor.example/w', key, 'cosignature')} https://auditor.example contracted`;

    expect(readEnvironment({}, { WITNESSES, WITNESS_QUORUM: '1' })).toMatchObject({
      witnesses: WITNESSES,
      witnessQuorum: 1,
    });
    expect(complaintAbout({ WITNESSES, WITNESS_QUORUM: '2' })).toMatch(
      /^WITNESS_QUORUM=2: .*more than there are WITNESSES$/,
    );
    expect(complaintAbout({ WITNESS_QUORUM: '1' })).toContain('WITNESS_QUORUM=1');
    expect(complaintAbout({ WITNESSES: `${WITNESSES}; x https://b.example`, WITNESS_QUORUM: '9' })).toMatch(
      /^WITNESSES=…: .*of witness 2 the first word must be the verifier key of a witness$/,
    );
  });

  it('takes an empty variable for none', () => {
    expect(
      readEnvironment({ metricsPort: 9464 }, { PORT: '', METRICS_PORT: '', LOG_FILE: ' ', HOST: '' }),
    ).toMatchObject({
      port: 3000,
      metricsPort: 9464,
      host: '127.0.0.1',
    });
    expect(readEnvironment({}, { LOG_FILE: ' ' }).logFile).toBeUndefined();
    expect(readEnvironment({}, { PORT: '  ' }).port).toBe(3000);
  });

  it.each<[string, string, string]>([
    ['ADDRESS_RECORD_HOURS', '0', 'ADDRESS_RECORD_HOURS must match'],
    ['ADDRESS_RECORD_HOURS', '25', 'ADDRESS_RECORD_HOURS must match'],
    ['PORT', 'abc', 'PORT must be an integer number'],
    ['PORT', '65536', 'PORT must not be greater than 65535'],
    ['PORT', '-1', 'PORT must not be less than 0'],
    ['PORT', '80.5', 'PORT must be an integer number'],
    ['METRICS_PORT', 'none', 'METRICS_PORT must be an integer number'],
    [
      'LOG_LEVEL',
      'loud',
      'LOG_LEVEL must be one of the following values: fatal, error, warn, info, debug, trace, silent',
    ],
    ['HUMAN_CHECK_DIFFICULTY', '0', 'HUMAN_CHECK_DIFFICULTY must not be less than 1'],
    [
      'CAPTCHA_PROVIDER',
      'acme',
      'CAPTCHA_PROVIDER must be one of the following values: turnstile, hcaptcha, recaptcha',
    ],
    ['CAPTCHA_WHEN', 'never', 'CAPTCHA_WHEN must be one of the following values: always, suspicious'],
    ['CAPTCHA_ON_OUTAGE', 'open', 'CAPTCHA_ON_OUTAGE must be one of the following values: refuse, proof-of-work-only'],
    ['CAPTCHA_VERIFY_URL', 'http://example.org', 'CAPTCHA_VERIFY_URL must match'],
    ['CAPTCHA_SCRIPT_URL', 'https://a.example/;script-src', 'CAPTCHA_SCRIPT_URL must match'],
    ['HUMAN_CHECK_LIFETIME_SECONDS', '5', 'HUMAN_CHECK_LIFETIME_SECONDS must not be less than 30'],
    ['VOTE_QUEUE_LIMIT', 'Infinity', 'VOTE_QUEUE_LIMIT must be an integer number'],
    ['VOTE_BATCH_LIMIT', '5000', 'VOTE_BATCH_LIMIT must not be greater than 2048'],
    ['RATE_LIMIT', '0', 'RATE_LIMIT must not be less than 1'],
    ['STREAM_LIMIT', '-5', 'STREAM_LIMIT must not be less than 0'],
    ['TRUSTED_PROXIES', 'nginx', 'TRUSTED_PROXIES must be addresses or CIDR blocks'],
    ['TRUSTED_PROXIES', '10.0.0.1,', 'TRUSTED_PROXIES must be addresses or CIDR blocks'],
    ['TRUSTED_PROXIES', '10.0.0.0/33', 'TRUSTED_PROXIES must be addresses or CIDR blocks'],
    ['CORS_ORIGINS', '*', 'CORS_ORIGINS must be origins like https://tv.example'],
    ['CORS_ORIGINS', 'https://tv.example/', 'CORS_ORIGINS must be origins like https://tv.example'],
    ['CORS_ORIGINS', 'https://tv.example,null', 'CORS_ORIGINS must be origins like https://tv.example'],
  ])('names %s=%s and what was expected', (variable, value, expected) => {
    const complaint = complaintAbout({ [variable]: value });

    expect(complaint).toContain(`${variable}=${value}:`);
    expect(complaint).toContain(expected);
  });

  it('wants the account of a provider that it names', () => {
    const complaint = complaintAbout({ CAPTCHA_PROVIDER: 'turnstile', CAPTCHA_SECRET: '' });

    for (const variable of ['CAPTCHA_SITE_KEY', 'CAPTCHA_SECRET', 'CAPTCHA_HOSTNAME'])
      expect(complaint).toContain(`${variable} must be longer than or equal to 1 characters`);
  });

  it('names every bad variable at once', () => {
    const lines = complaintAbout({ PORT: 'x', RATE_LIMIT: 'y', LOG_LEVEL: 'z' }).split('\n');

    expect(lines.map((line) => line.split('=')[0]).sort()).toEqual(['LOG_LEVEL', 'PORT', 'RATE_LIMIT']);
  });

  it('takes several proxies and networks', () => {
    const TRUSTED_PROXIES = '127.0.0.1, 10.0.0.0/8,::1,2001:db8::/32';

    expect(readEnvironment({}, { TRUSTED_PROXIES }).trustedProxies).toBe(TRUSTED_PROXIES);
  });

  it('reads a connection string from a file, and shows none in a message', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'environment-')), 'mongodb-url');
    writeFileSync(file, 'mongodb://user:secret@host/\n');

    expect(readEnvironment({}, { MONGODB_URL_FILE: file }).mongodbUrl).toBe('mongodb://user:secret@host/');
    expect(complaintAbout({ MONGODB_URL_FILE: `${file}.gone` })).toContain(
      `MONGODB_URL_FILE=${file}.gone: must be a readable file`,
    );
    const complaint = complaintAbout({ EVENTSTORE_URL: 'http://user:secret@host' });
    expect(complaint).toContain('EVENTSTORE_URL=…: EVENTSTORE_URL must match');
    expect(complaint).not.toContain('secret');
  });
});
