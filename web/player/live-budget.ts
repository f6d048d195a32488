/** What a player wants of the connections that all players of the page share. */
export type LiveClaim = {
  /** Would fetch if it might: on screen, and its camera can be had. */
  visible: boolean;
  /** Chosen by the person: comes before the others. */
  preferred: boolean;
};

/**
 * Of six connections that a browser opens to a host over HTTP/1.1, an endless stream holds one each. Two are left for everything else,
 * and for the stream that is to replace another.
 */
const AT_MOST_BY_HTTP1 = 4;

/** Who may play when at most `most` may at once: preferred claims first, the others in their order. */
export function granted<K>(claims: Iterable<readonly [K, LiveClaim]>, most: number): Set<K> {
  const visible = [...claims].filter(([, claim]) => claim.visible);
  const inOrder = [...visible.filter(([, c]) => c.preferred), ...visible.filter(([, c]) => !c.preferred)];
  return new Set(inOrder.slice(0, most).map(([key]) => key));
}

/** Whether the page came over HTTP/1: the protocol of the first of `hops` that says one (Resource Timing, `nextHopProtocol`). */
export function cameByHttp1(hops: readonly string[]): boolean {
  return hops.find((hop) => hop !== '')?.startsWith('http/1') ?? false;
}

/** Connections of one page, shared out among its players. Without a bound every visible one plays. */
export class LiveBudget {
  /** How many may play at once; null when there is no bound. */
  readonly most: number | null;
  readonly #claims = new Map<object, LiveClaim>();
  #granted: Set<object> | null = null;

  constructor(most: number | null) {
    this.most = most;
  }

  /** States or renews a claim, and says whether its owner may play. */
  claim(owner: object, claim: LiveClaim): boolean {
    if (this.most === null) return claim.visible;
    const old = this.#claims.get(owner);
    if (old?.visible !== claim.visible || old.preferred !== claim.preferred) {
      this.#claims.set(owner, claim);
      this.#granted = null;
    }
    this.#granted ??= granted(this.#claims, this.most);
    return this.#granted.has(owner);
  }

  leave(owner: object): void {
    if (this.#claims.delete(owner)) this.#granted = null;
  }
}

const hops = () =>
  ['navigation', 'resource']
    .flatMap((type) => performance.getEntriesByType(type))
    .filter(({ name }) => name.startsWith(location.origin))
    .map((entry) => (entry as PerformanceResourceTiming).nextHopProtocol);

let shared: LiveBudget | undefined;

/** The one of this page: bounded where something between browser and server allows HTTP/1.1 only. */
export function liveBudget(): LiveBudget {
  shared ??= new LiveBudget(cameByHttp1(hops()) ? AT_MOST_BY_HTTP1 : null);
  return shared;
}
