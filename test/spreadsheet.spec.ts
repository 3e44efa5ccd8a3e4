import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Server, temporaryDirectory } from './support/server.ts';
import { needs } from './tools/needs.ts';

/** Another reader of CSV than our own eyes: header → cells, a row each. */
const READ = `import csv, json, sys
rows = list(csv.DictReader(open(sys.argv[1], encoding='utf-8-sig', newline=''), delimiter=';', strict=True))
json.dump(rows, sys.stdout)`;

needs('python')('the ballot box in a spreadsheet', () => {
  let server: Server;

  beforeAll(async () => {
    server = await Server.start();
    for (const participant of [1, 2, 2]) await server.client().cast(participant);
  });
  afterAll(() => server.stop());

  it('is read as it was written: every vote, under its names, with its id', async () => {
    const client = server.client();
    const answer = await client.get('/auditoria/exportacao?formato=planilha', client.basic('auditor'));
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(answer.headers['content-disposition']).toBe('attachment; filename="paredao-1-planilha.csv"');
    const path = join(temporaryDirectory(), 'planilha.csv');
    // fetch takes the mark of UTF-8 away
    writeFileSync(path, answer.text.startsWith('\ufeff') ? answer.text : `\ufeff${answer.text}`);
    const { stdout, stderr } = spawnSync('python3', ['-c', READ, path], { encoding: 'utf8' });
    expect(stderr).toBe('');
    const rows = JSON.parse(stdout) as Record<string, string>[];
    const counted = rows.filter((row) => row['Situação'] === 'contado');
    expect(counted.map((row) => row['Participante'])).toEqual(['1', '2', '2']);
    expect(counted[1]!['Nome']).toBe('Íris Trovão');
    for (const row of counted) expect(row['Id do voto']).toMatch(/^'[0-9a-f]{32}$/);
  });
});
