/**
 * The stage, on a wall or a broadcast key. What production asks for comes by the live stream. Whatever fails, the last picture
 * stays, and nothing about it is shown here: the panel tells production.
 */
import type { Stage } from '#contract';
import { totalPath } from '../shared/api.ts';
import { byId, setText } from '../shared/dom.ts';
import { follow } from '../shared/feed.ts';
import { LoginSession, deniedReason } from '../shared/login-session.ts';
import { serverClock } from '../shared/server-clock.ts';
import { canStayAwake, offerFullScreen, stayAwake } from './awake.ts';
import { CueFollower } from './cue-follower.ts';
import { Picture } from './picture.ts';
import { ScreenReports } from './screen.ts';

/** A stream that is silent for so long is broken, and the next try comes so soon, ms: there are few walls. */
const EAGER = { silence: 3_000, retry: 1_000 };
/** No wall depends on another page of its browser, and one that is covered by a window goes on. */
const ALONE = { isOwn: true, staysAwake: () => true } as const;
/** While nothing moves but the countdown, ms. */
const TICK = 100;
const MAX_NAME_LENGTH = 40;

const query = new URLSearchParams(location.search);
const poll = query.get('paredao');
const name = (query.get('nome') ?? '').trim().slice(0, MAX_NAME_LENGTH) || 'Palco';

const SOURCE = { path: totalPath('/palco/aovivo', poll), event: 'palco', eager: EAGER, ...ALONE };

const cues = new CueFollower();
const picture = new Picture();
const reports = new ScreenReports(name);
let feed = { stop: () => {} };
let next = 0;
let token = '';

/** Paints now, and with every frame of the screen while something moves. */
function paint(): void {
  cancelAnimationFrame(next);
  const now = serverClock.now();
  const onAir = cues.at(now);
  if (onAir && picture.paint(onAir, now)) next = requestAnimationFrame(paint);
}

function hear(frame: Stage): void {
  serverClock.hear(frame.atualizado_em);
  cues.hear(frame, serverClock.now());
  // from now on nobody is asked for a login unless somebody is there
  document.body.dataset['noAr'] = 'true';
  paint();
  const shown = cues.at(serverClock.now())?.frame;
  reports.show({ ...frame, modo: shown?.modo ?? frame.modo });
}

const login = new LoginSession(
  {
    onEnter(session) {
      document.body.dataset['view'] = 'palco';
      feed.stop();
      this.onRenewed(session);
      feed = follow<Stage>(SOURCE, () => token, {
        onData: hear,
        onLive: () => {},
        onLost: () => {},
        onMissing: () => {},
        onDenied: (failure) => login.leave(deniedReason(failure, 'Este usuário não pode abrir o palco.')),
      });
    },
    onRenewed(session) {
      token = session.token;
      reports.use(token);
    },
    onLeave: () => {
      feed.stop();
      reports.use(undefined);
    },
  },
  '',
  'always',
);

/** The login ended, and the picture stays. Whoever is there touches the screen or a key, and gets the form. */
function ask(): void {
  if (document.body.dataset['view'] === 'login') document.body.dataset['noAr'] = 'false';
}

document.addEventListener('pointerdown', ask);
document.addEventListener('keydown', ask);
setText(
  byId('dica', HTMLElement),
  canStayAwake()
    ? 'Tecla F: tela cheia. A tela fica ligada enquanto esta página estiver aberta.'
    : 'Tecla F: tela cheia. Este navegador não mantém a tela ligada: é preciso HTTPS, ou desligar a proteção de tela.',
);
stayAwake();
offerFullScreen(() => document.body.dataset['view'] === 'palco');
setInterval(paint, TICK);
login.open();
