import { type DeviceModel, serviceAddress } from './device-model.ts';
import type { Message } from './event-hub.ts';
import { child, escapeXml, OnvifFault, type XmlElement } from './soap.ts';

const longestWaitMs = 60_000;
const usualLifeMs = 60_000;

/** The event service's answers by pull points (ONVIF Core, section 9); each is the content of the SOAP body. */
export const eventsService: Readonly<
  Record<string, (model: DeviceModel, action: XmlElement, subscription: string) => string | Promise<string>>
> = {
  CreatePullPointSubscription: (model, action) => {
    const lifeMs = durationMs(child(action, 'InitialTerminationTime')?.text) ?? usualLifeMs;
    const nowMs = model.nowMs();
    const id = model.events.subscribe(nowMs, lifeMs);
    if (id === undefined) throw new OnvifFault('Receiver', ['SubscribeCreationFailedFault'], 'Too many subscriptions');
    return (
      '<tev:CreatePullPointSubscriptionResponse><tev:SubscriptionReference>' +
      `<wsa:Address>${serviceAddress(model, 'events')}/${id}</wsa:Address></tev:SubscriptionReference>` +
      `${times(nowMs, nowMs + lifeMs)}</tev:CreatePullPointSubscriptionResponse>`
    );
  },

  PullMessages: async (model, action, subscription) => {
    known(model, subscription);
    const waitMs = Math.min(durationMs(child(action, 'Timeout')?.text) ?? 0, longestWaitMs);
    const limit = Number(child(action, 'MessageLimit')?.text ?? 1);
    const messages = await model.events.pull(subscription, waitMs, Number.isInteger(limit) && limit > 0 ? limit : 1);
    const nowMs = model.nowMs();
    const head = `<tev:CurrentTime>${stamp(nowMs)}</tev:CurrentTime><tev:TerminationTime>${stamp(known(model, subscription))}</tev:TerminationTime>`;
    return `<tev:PullMessagesResponse>${head}${messages.map(notification).join('')}</tev:PullMessagesResponse>`;
  },

  Renew: (model, action, subscription) => {
    known(model, subscription);
    if (model.quirks.renewFails) throw new OnvifFault('Sender', ['UnacceptableTerminationTimeFault'], 'Renew failed');
    const lifeMs = durationMs(child(action, 'TerminationTime')?.text) ?? usualLifeMs;
    const nowMs = model.nowMs();
    model.events.renew(subscription, nowMs, lifeMs);
    return `<wsnt:RenewResponse>${times(nowMs, nowMs + lifeMs)}</wsnt:RenewResponse>`;
  },

  Unsubscribe: (model, _action, subscription) => {
    known(model, subscription);
    model.events.unsubscribe(subscription);
    return '<wsnt:UnsubscribeResponse/>';
  },
};

/** When a subscription ends. Throws a fault where there is none. */
function known(model: DeviceModel, id: string): number {
  const endsAtMs = model.events.endOf(id, model.nowMs());
  if (endsAtMs === undefined) throw new OnvifFault('Sender', ['ResourceUnknownFault'], 'No such subscription');
  return endsAtMs;
}

const stamp = (ms: number): string => new Date(ms).toISOString();

function times(nowMs: number, endsAtMs: number): string {
  return `<wsnt:CurrentTime>${stamp(nowMs)}</wsnt:CurrentTime><wsnt:TerminationTime>${stamp(endsAtMs)}</wsnt:TerminationTime>`;
}

function notification({ topic, item, value, operation, atMs }: Message): string {
  return (
    '<wsnt:NotificationMessage><wsnt:Topic Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">' +
    `${escapeXml(topic)}</wsnt:Topic><wsnt:Message><tt:Message UtcTime="${stamp(atMs)}" PropertyOperation="${operation}">` +
    '<tt:Source><tt:SimpleItem Name="Source" Value="VideoSource"/></tt:Source><tt:Data>' +
    `<tt:SimpleItem Name="${escapeXml(item)}" Value="${escapeXml(value)}"/></tt:Data></tt:Message></wsnt:Message></wsnt:NotificationMessage>`
  );
}

/** A plain duration as `PT1M30S`; undefined for anything else. */
function durationMs(text: string | undefined): number | undefined {
  const match = /^PT(?:(\d{1,4})M)?(?:(\d{1,6}(?:\.\d{1,3})?)S)?$/.exec(text ?? '');
  if (!match || (match[1] === undefined && match[2] === undefined)) return undefined;
  return (Number(match[1] ?? 0) * 60 + Number(match[2] ?? 0)) * 1_000;
}
