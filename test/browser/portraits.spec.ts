import { beforeAll, expect, it } from '@jest/globals';
import sharp from 'sharp';

import { eventually } from '../support/eventually.ts';
import { Server } from '../support/server.ts';
import { describeInBrowser, reached } from './support/browser.ts';
import { VoterPage } from './support/voter-page.ts';

const ART = '.card[data-number="1"] .card-art';
/** What the first card shows: nothing yet, a photo, or a drawing. */
const SHOWN = `(() => {
  const { complete, naturalWidth, currentSrc } = document.querySelector('${ART}');
  if (!complete || naturalWidth === 0) return 'nothing';
  return currentSrc.startsWith('data:') ? 'a drawing' : 'a photo';
})()`;

describeInBrowser('a portrait', () => {
  let server: Server;
  let photo: Buffer;

  beforeAll(async () => {
    server = await Server.start();
    photo = await sharp({ create: { width: 320, height: 384, channels: 3, background: '#a40' } })
      .webp()
      .toBuffer();
  });

  /** A page on which the first participant has a photo. */
  async function withPhoto(): Promise<VoterPage> {
    const voter = await VoterPage.blank(server);
    await voter.page.route('**/paredao', async (route) => {
      const response = await route.fetch();
      const poll = (await response.json()) as { participantes: object[] };
      Object.assign(poll.participantes[0]!, { foto: `/fotos/${'a'.repeat(64)}` });
      await route.fulfill({ response, json: poll });
    });
    return voter;
  }

  const shows = (voter: VoterPage, what: string): Promise<string> =>
    eventually(
      () => voter.page.evaluate<string>(SHOWN),
      (shown) => shown === what,
    );

  it('is nobody else’s while the photo loads, and keeps its place', async () => {
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    const { promise: sent, resolve: send } = Promise.withResolvers<void>();
    const voter = await withPhoto();
    await voter.page.route('**/fotos/**', async (route) => {
      ask();
      await sent;
      await route.fulfill({ body: photo, contentType: 'image/webp' });
    });
    await voter.load('vote');
    await asked;
    const before = await voter.page.locator(ART).boundingBox();
    expect(await voter.page.evaluate(SHOWN)).toBe('nothing');
    send();
    await shows(voter, 'a photo');
    expect(await voter.page.locator(ART).boundingBox()).toEqual(before);
  });

  it('is nobody else’s while the photo of another ballot loads', async () => {
    let foto = `/fotos/${'a'.repeat(64)}`;
    const voter = await VoterPage.blank(server);
    await voter.page.route('**/paredao', async (route) => {
      const response = await route.fetch();
      const poll = (await response.json()) as { participantes: object[] };
      Object.assign(poll.participantes[0]!, { foto, nome: foto.includes('a') ? 'Ana' : 'Bento' });
      await route.fulfill({ response, json: poll });
    });
    await voter.page.route('**/fotos/a*', (route) => route.fulfill({ body: photo, contentType: 'image/webp' }));
    await voter.page.route('**/fotos/b*', () => new Promise(() => {}));
    await voter.load('vote');
    await shows(voter, 'a photo');
    const isSeen = `getComputedStyle(document.querySelector('${ART}')).visibility === 'visible'`;
    expect(await voter.page.evaluate(isSeen)).toBe(true);
    foto = `/fotos/${'b'.repeat(64)}`;
    await voter.page.locator('.card[data-number="1"] .name:text-is("Bento")').waitFor();
    expect(await voter.page.evaluate(isSeen)).toBe(false);
  });

  it('comes after all when the line is back', async () => {
    const voter = await withPhoto();
    await voter.page.clock.install();
    let isBack = false;
    await voter.page.route('**/fotos/**', (route) =>
      isBack ? route.fulfill({ body: photo, contentType: 'image/webp' }) : route.abort(),
    );
    await voter.load('vote');
    await reached(voter.page, `${ART}[data-silhouette="true"]`);
    isBack = true;
    await voter.page.clock.runFor(10_000);
    await shows(voter, 'a photo');
    await reached(voter.page, `${ART}[data-silhouette="false"]`);
  });

  it('is a silhouette with the initials when the photo does not come', async () => {
    const voter = await withPhoto();
    await voter.page.route('**/fotos/**', (route) => route.abort());
    await voter.load('vote');

    await reached(voter.page, `${ART}[data-silhouette="true"]`);
    await shows(voter, 'a drawing');
  });
});
