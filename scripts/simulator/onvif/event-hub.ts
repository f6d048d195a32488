import { randomUUID } from 'node:crypto';

/** Something that a camera tells: a topic and its state, as `tns1:VideoSource/MotionAlarm`, `State` → `true`. */
export interface CameraEvent {
  topic: string;
  item: string;
  value: string;
}

export interface Message extends CameraEvent {
  operation: 'Initialized' | 'Changed';
  atMs: number;
}

interface Subscription {
  endsAtMs: number;
  messages: Message[];
  wake: () => void;
}

const mostSubscriptions = 8;
const mostMessages = 256;

/** The pull points of one camera (ONVIF Core, section 9.2): what happens is kept for each subscriber until it asks, or its time is over. */
export class EventHub {
  readonly #subscriptions = new Map<string, Subscription>();
  /** A state is told to whoever subscribes later. */
  readonly #states = new Map<string, CameraEvent>();

  get count(): number {
    return this.#subscriptions.size;
  }

  /** Undefined where there are too many. */
  subscribe(nowMs: number, lifeMs: number): string | undefined {
    this.#sweep(nowMs);
    if (this.#subscriptions.size >= mostSubscriptions) return undefined;
    const id = randomUUID();
    const messages = [...this.#states.values()].map(
      (event): Message => ({ ...event, operation: 'Initialized', atMs: nowMs }),
    );
    this.#subscriptions.set(id, { endsAtMs: nowMs + lifeMs, messages, wake: () => {} });
    return id;
  }

  /** When the subscription ends, or undefined where there is none any more. */
  endOf(id: string, nowMs: number): number | undefined {
    this.#sweep(nowMs);
    return this.#subscriptions.get(id)?.endsAtMs;
  }

  renew(id: string, nowMs: number, lifeMs: number): boolean {
    const subscription = this.endOf(id, nowMs) === undefined ? undefined : this.#subscriptions.get(id);
    if (subscription) subscription.endsAtMs = nowMs + lifeMs;
    return subscription !== undefined;
  }

  unsubscribe(id: string): boolean {
    this.#subscriptions.get(id)?.wake();
    return this.#subscriptions.delete(id);
  }

  /** Waits until there is something, or the time is over. */
  async pull(id: string, waitMs: number, limit: number): Promise<Message[]> {
    const subscription = this.#subscriptions.get(id);
    if (!subscription) return [];
    if (subscription.messages.length === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, waitMs);
        subscription.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return subscription.messages.splice(0, limit);
  }

  emit(event: CameraEvent, nowMs: number): void {
    this.#states.set(event.topic, event);
    for (const subscription of this.#subscriptions.values()) {
      if (subscription.messages.length < mostMessages)
        subscription.messages.push({ ...event, operation: 'Changed', atMs: nowMs });
      subscription.wake();
    }
  }

  /** As after a restart: nobody is subscribed any more. */
  clear(): void {
    for (const id of this.#subscriptions.keys()) this.unsubscribe(id);
  }

  #sweep(nowMs: number): void {
    for (const [id, { endsAtMs }] of this.#subscriptions) if (endsAtMs <= nowMs) this.unsubscribe(id);
  }
}
