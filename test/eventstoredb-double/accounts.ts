import type { Store } from './store.ts';

/** Who speaks to the server: a login with the groups that it is in. */
export interface User {
  readonly login: string;
  readonly groups: readonly string[];
}

type Right = '$r' | '$w' | '$mw' | '$d';
type Acl = Partial<Record<Right, string | readonly string[]>>;

const ADMINS = '$admins';
const EVERYBODY = '$all';
const decoder = new TextDecoder();

const basic = (login: string, password: string): string =>
  `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`;

/**
 * The logins of a server and what they may do, as a real one has it: `$admins` everything; others what the metadata of a stream
 * (`$acl` in `$$stream`) or the defaults in `$settings` grant. Without these, everybody may read and write the streams of users, and
 * nobody those of the server, `$all` among them.
 */
export class Accounts {
  private readonly users = new Map<string, User>();

  /** @param superuser `login:password` of one in `$admins`; without it the server has no logins, and everybody may do everything */
  constructor(
    private readonly store: Store,
    superuser: string | undefined,
  ) {
    const colon = superuser?.indexOf(':') ?? 0;
    if (superuser !== undefined) this.add(superuser.slice(0, colon), superuser.slice(colon + 1), [ADMINS]);
  }

  /** Makes a login. False when there is one of this name. */
  add(login: string, password: string, groups: readonly string[] = []): boolean {
    if ([...this.users.values()].some((user) => user.login === login)) return false;
    this.users.set(basic(login, password), { login, groups });
    return true;
  }

  /** @param authorization the header; undefined: no login of this server */
  userOf(authorization: string | undefined): User | undefined {
    if (this.users.size === 0) return { login: 'anonymous', groups: [ADMINS] };
    return this.users.get(authorization ?? '');
  }

  mayRead = (user: User, stream: string): boolean => this.may(user, '$r', stream);

  /** To append to `$$stream` is to write the metadata of `stream`. */
  mayAppend = (user: User, stream: string): boolean =>
    stream.startsWith('$$') ? this.may(user, '$mw', stream.slice(2)) : this.may(user, '$w', stream);

  mayMeasure = ({ groups }: User): boolean => groups.includes(ADMINS) || groups.includes('$ops');

  private may({ login, groups }: User, right: Right, stream: string): boolean {
    if (groups.includes(ADMINS)) return true;
    const own = this.lastOf<{ $acl?: Acl }>(`$$${stream}`)?.$acl?.[right];
    const granted = own ?? (stream.startsWith('$') ? ADMINS : this.defaults()[right]);
    return [granted].flat().some((role) => role === login || role === EVERYBODY || groups.includes(String(role)));
  }

  private defaults(): Acl {
    const settings = this.lastOf<{ $userStreamAcl?: Acl }>('$settings');
    return { $r: EVERYBODY, $w: EVERYBODY, $mw: EVERYBODY, $d: EVERYBODY, ...settings?.$userStreamAcl };
  }

  private lastOf<T>(stream: string): T | undefined {
    const last = this.store.stream(stream)?.at(-1);
    return last && (JSON.parse(decoder.decode(last.data)) as T);
  }
}
